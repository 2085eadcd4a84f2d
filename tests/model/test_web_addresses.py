"""Taking an address apart never raises, and changes nothing of a sound one."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weekahead.model.addresses import ascii_host, host_of, is_web_address, join_addresses, split_address

BASE = "https://letter.example/issues/1/"
BROKEN = (
    "http://[x",
    "http://[::1",
    "http://a:port/",
    "//[x/y",
    "http://a]b/",
    "http://a:99999999/",
    "http://℀.example/x",
)
NOT_OF_THE_WEB = (
    *BROKEN, "//", "https:///p/x", "https://exa mple/", "https://a.example/\0x", f"https://ü{'x' * 64}.example/", "https://ü..example/",
    "https://a..example/", "https://.example/", f"https://{'x' * 64}.example/", "https://a'b.example/", "https://(a).example/",
)  # fmt: skip
SOUND = (
    "https://[::1]/x", "http://a.example:8080/p?q=[x]#f", "https://bücher.example/ü", "https://xn--bcher-kva.example/",
    "https://a.example/a//b/%5Bx%5D", "https://a.example./", "https://हिन्दी.भारत/", "http://my_host/",
)  # fmt: skip
RELATIVE = ("", "/", "../x", "?q", "#f", "mailto:a@b.example", "a:b", "x]y[z")


@pytest.mark.parametrize("address", BROKEN)
def test_a_broken_address_has_no_parts(address: str) -> None:
    assert "".join(split_address(address)) == host_of(address) == ""


def test_joining_leaves_what_it_cannot_read() -> None:
    assert join_addresses(BASE, "http://[x") == "http://[x"
    assert join_addresses("http://[x", "y") == "y"


@pytest.mark.parametrize("address", [*SOUND, *RELATIVE])
def test_a_sound_address_has_its_parts(address: str) -> None:
    assert split_address(address) == urlsplit(address)
    assert join_addresses(BASE, address) == urljoin(BASE, address)


@pytest.mark.parametrize("address", [*SOUND, *NOT_OF_THE_WEB])
def test_a_web_address_has_a_host_that_can_be_looked_up(address: str) -> None:
    assert is_web_address(address) == (address in SOUND)


def test_a_host_is_looked_up_in_ascii() -> None:
    assert ascii_host("bücher.example") == "xn--bcher-kva.example"
    assert ascii_host("a.example") == "a.example"
    assert ascii_host(f"ü{'x' * 64}.example") == ascii_host("ü..example") == ""


@given(st.text(), st.text())
def test_no_text_raises(first: str, second: str) -> None:
    joined = join_addresses(f"https://{first}", f"//{second}")
    assert isinstance(ascii_host(host_of(joined)), str)
