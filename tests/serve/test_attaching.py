"""What may be saved and put beside an issue, by whom and under which names."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import SCHEDULE, Folder, issue_text, png
from tests.serve.conftest import SIXTH, attach, get, post, read, save, sixth, source

from weekahead.serve.server import Preview


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("x.html", b"<script>alert(1)</script>"),
        ("x.png.html", png(1, 1)),
        ("x.png", b"<script>alert(1)</script>"),
        ("x.mp3", b"<html>"),
        ("x.csv", b"a\0b"),
        ("index.md", b"---\nnumber: 6\n---\n"),
        (".htaccess", b"x"),
        ("", b"x"),
    ],
)
def test_what_could_run_or_is_no_picture_is_not_taken(
    still_server: Preview, still_folder: Folder, name: str, data: bytes
) -> None:
    before = sorted(still_folder.root.rglob("issues/**/*"))
    assert attach(still_server, name, data)[0] == 409
    assert sorted(still_folder.root.rglob("issues/**/*")) == before


@pytest.mark.parametrize(
    "name", ["../../x.png", "/etc/x.png", "a/b\\..\\x.png", "x\0.png", "x\n.png", "%2e%2e%2fx.png"]
)
def test_a_hostile_name_becomes_a_plain_one(server: Preview, folder: Folder, name: str) -> None:
    status, answer = attach(server, name, png(3, 3))
    assert status == 200
    assert answer["file"] in ("x.png", "x-.png", "2e-2e-2fx.png")
    assert (folder.root / "issues/0006-sixth" / answer["file"]).exists()
    assert not list(folder.root.parent.glob("*.png"))


def test_files_of_one_name_do_not_write_over_each_other(server: Preview, folder: Folder) -> None:
    names = [attach(server, "x.png", png(3, high))[1] for high in (3, 4, 3)]
    assert [names[0]["file"]] == ["x.png"]
    text = names[0]["current"]["name"]
    again = [attach(server, "x.png", png(3, high), text)[1]["file"] for high in (4, 3, 5)]
    assert again == ["x-2.png", "x.png", "x-3.png"]


def test_an_issue_with_files_beside_it_stays_where_it_is(server: Preview, folder: Folder) -> None:
    folder.write("issues/old.png", png(2, 2))
    folder.write(SIXTH, sixth("![Old](old.png)"))
    assert attach(server, "new.png", png(3, 3))[1]["current"]["name"] == SIXTH
    assert (folder.root / "issues/new.png").exists()


def test_links_follow_an_issue_into_its_folder(server: Preview, folder: Folder) -> None:
    folder.write(SIXTH, sixth("[Five](0005-fifth.md#x), [me](0006-sixth.md), [web](https://x.example/a)."))
    folder.write(
        "issues/0007-x.md", issue_text(7, "2022-02-18", "Small models", "[Six](0006-sixth.md#y)", status="draft")
    )
    rules = folder.rules()
    assert attach(server, "x.png", png(3, 3))[0] == 200
    assert "[Five](../0005-fifth.md#x), [me](../0006-sixth/index.md), [web](https://x.example/a)." in read(
        folder, "issues/0006-sixth/index.md"
    )
    assert "[Six](0006-sixth/index.md#y)" in read(folder, "issues/0007-x.md")
    assert len([rule for _, _, rule in folder.rules() if rule != "unnamed-file"]) == len(rules)


# -- who may


def test_saving_needs_our_origin_and_the_token(server: Preview, folder: Folder) -> None:
    seen, before = source(server), read(folder)
    form = {"name": SIXTH, "digest": seen["digest"], "body": "x"}
    assert save(server, **form, token="x")[0] == 403
    assert post(server, {**form, "token": server.token}, path="/_desk/save", Origin="https://evil.example") == 403
    assert post(server, {**form, "token": server.token}, path="/_desk/save", Origin=server.site.url.rstrip("/")) == 403
    assert attach(server, "x.png", png(1, 1), **{"Weekahead-Token": "x"})[0] == 403
    assert attach(server, "x.png", png(1, 1), Origin=server.site.url.rstrip("/"))[0] == 403
    assert attach(server, "x.png", png(1, 1), **{"Content-Type": "image/png"})[0] == 415
    strange = {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "script"}
    assert get(server, f"/_desk/source/{SIXTH}", **strange)[0] == 403
    assert server.token not in get(server, f"/_desk/source/{SIXTH}")[1]
    assert read(folder) == before
    assert not list(folder.root.rglob("issues/**/*.png"))


@pytest.mark.parametrize(
    "name",
    [
        "../x.md",
        "issues/../letter.md",
        "/etc/passwd",
        "letter.yaml",
        "issues/x.txt",
        "templates/x.md",
        "issues/.x.md",
        "",
    ],
)
def test_only_texts_of_the_letter_are_read_and_saved(still_server: Preview, still_folder: Folder, name: str) -> None:
    still_folder.write("issues/x.txt", "x")
    still_folder.write("templates/x.md", "x")
    still_folder.write("issues/.x.md", "x")
    assert get(still_server, f"/_desk/source/{name}")[0] == 404
    assert save(still_server, name=name, digest="", body="x")[0] == 409
    assert attach(still_server, "x.png", png(1, 1), name)[0] == 409


def test_a_link_out_of_the_letter_is_neither_read_nor_written(server: Preview, folder: Folder, tmp_path: Path) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text("secret")
    (folder.root / "issues/0008-x.md").symlink_to(outside)
    (folder.root / "issues/0009-x").symlink_to(tmp_path)
    for name in ("issues/0008-x.md", "issues/0009-x/outside.md"):
        assert get(server, f"/_desk/source/{name}")[0] == 404
        assert save(server, name=name, digest="", body="x")[0] == 409
        assert attach(server, "x.png", png(1, 1), name)[0] == 409
    assert outside.read_text() == "secret"
    assert not list(tmp_path.glob("*.png"))


def test_marking_ready_is_no_field(server: Preview, folder: Folder) -> None:
    form = {"name": SIXTH, "digest": source(server)["digest"], "body": "x", "field.status": "ready"}
    status, answer = save(server, **form)
    assert (status, "with its own button" in answer["message"]) == (409, True)
    status, answer = save(server, **{**form, "field.status": "draft", "field.nonsense": "x"})
    assert (status, "no field" in answer["message"]) == (409, True)


def test_a_command_and_a_save_at_once_lose_nothing(server: Preview, folder: Folder) -> None:
    seen = source(server)
    assert post(server, {"do": "move", "number": 6, "to": 12, "token": server.token}) == 303
    status, _ = save(server, name=SIXTH, digest=seen["digest"], body="Lost?")
    assert status == 409
    assert not (folder.root / SIXTH).exists()
    moved = source(server, "issues/0012-sixth.md")
    assert save(server, name="issues/0012-sixth.md", digest=moved["digest"], body="Here.")[0] == 200
    assert "number: 12" in read(folder, "issues/0012-sixth.md")
    assert SCHEDULE.count("number: 12") == 0
