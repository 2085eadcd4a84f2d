"""Decode the bytes of an author's file."""

from __future__ import annotations

from weekahead.model.findings import Finding, Location


def decode_text(name: str, data: bytes, findings: list[Finding]) -> str | None:
    """Return UTF-8 bytes, with or without BOM, as text with LF line ends; None, with a finding, if they are not UTF-8."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        findings.append(Finding(Location(name, 1), "not-utf-8", "this file is UTF-16", "Save it as UTF-8."))
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        start = data.rfind(b"\n", 0, error.start) + 1
        column = len(data[start : error.start].decode("utf-8", "replace")) + 1
        message = f"byte 0x{data[error.start]:02X} is not UTF-8"
        hint = "Save the file as UTF-8."
        findings.append(Finding(Location(name, line, column), "not-utf-8", message, hint))
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
