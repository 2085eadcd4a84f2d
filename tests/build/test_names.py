"""Names and folders that cannot be, or that are not for a site, are findings before anything is written."""

from __future__ import annotations

import os

import pytest
from tests.conftest import LETTER, Folder, issue_text

from weekahead.model.findings import BuildError, Finding

LONG = "a" * 256
JUST = "a" * 255


def refused(folder: Folder, **wanted: object) -> Finding:
    """The one finding of a build, which has written nothing; `check` has it as well, unless it is of the build alone."""
    before = folder.site()
    with pytest.raises(BuildError) as error:
        folder.build(**wanted)  # type: ignore[arg-type]
    assert folder.site() == before
    (finding,) = (found for found in error.value.findings if found.is_error)
    if not wanted:
        assert finding in folder.check().findings
    return finding


def front_matter(*lines: str) -> str:
    return "\n".join(
        ["---", "number: 6", "title: Sixth", *lines, "date: 2022-02-05", "status: ready", "---", "", "Words.", ""]
    )


@pytest.mark.parametrize(
    ("lines", "line", "just"),
    [
        ([f"tags: [{LONG}]"], 4, [f"tags: [{JUST}]"]),
        (["tags:", "  - one", f"  - {LONG}"], 6, ["tags:", "  - one", f"  - {JUST}"]),
        (["tags: [" + "ö" * 128 + "]"], 4, ["tags: [" + "ö" * 127 + "]"]),
        (["tags: [" + "ﷺ" * 10 + "]"], 4, ["tags: [" + "ﷺ" * 5 + "]"]),  # a letter that becomes eighteen
        ([f"series: {{name: {LONG}, part: 1}}"], 4, [f"series: {{name: {JUST}, part: 1}}"]),
        ([f"authors: [Ida, {LONG}]"], 4, [f"authors: [Ida, {JUST}]"]),
        ([f"aliases: [/p, /p/{LONG}]"], 4, [f"aliases: [/p, /p/{JUST}]"]),
        ([f"aliases: [/{LONG}/p]"], 4, [f"aliases: [/{JUST}/p]"]),
        (["aliases: [" + "/aaaaaaaaa" * 301 + "]"], 4, ["aliases: [" + "/aaaaaaaaa" * 200 + "]"]),
        (["aliases: [/" + "%C3%B6" * 128 + "]"], 4, ["aliases: [/" + "%C3%B6" * 127 + "]"]),
        (["slug: " + "語" * 100], 4, ["slug: " + "語" * 79]),
        ([f"cover: {{file: {LONG}.png}}"], 4, []),
        ([f"audio: {{file: {LONG}.mp3}}"], 4, []),
    ],
)  # fmt: skip
def test_a_name_that_is_too_long_for_a_path_is_a_finding_in_its_line(
    folder: Folder, lines: list[str], line: int, just: list[str]
) -> None:
    folder.build()
    folder.write("issues/0006-sixth.md", front_matter(*lines))
    finding = refused(folder)
    assert (finding.rule, finding.where.file, finding.where.line) == ("path-too-long", "issues/0006-sixth.md", line)
    folder.write("issues/0006-sixth.md", front_matter(*just))
    assert any("6-" in change.path for change in folder.build().changes.written)


@pytest.mark.parametrize(
    ("line", "just"),
    [
        (f"author: {{name: {LONG}}}", f"author: {{name: {JUST}}}"),
        (f"permalink: /{LONG}/{{slug}}/", f"permalink: /{JUST}/{{slug}}/"),
        (f"permalink: /{'a' * 252}{{slug}}aaaa/", "permalink: /aaaa{slug}/"),
        (f"deploy: {{folder: {LONG}}}", f"deploy: {{folder: {JUST}}}"),
    ],
)
def test_a_setting_that_is_too_long_for_a_path_is_a_finding_in_its_line(folder: Folder, line: str, just: str) -> None:
    folder.build()
    letter = "".join(each for each in LETTER.splitlines(True) if not each.startswith(line.partition(":")[0]))
    folder.write("letter.yaml", f"{letter}{line}\n")
    finding = refused(folder)
    assert (finding.rule, finding.where.line) == ("path-too-long", letter.count("\n") + 1)
    folder.write("letter.yaml", f"{letter}{just}\n")
    folder.build()


def test_a_file_name_that_makes_a_path_too_long_is_a_finding_in_the_file(folder: Folder) -> None:
    name = "0006-" + "ﷺ" * 40  # a letter that becomes eighteen
    folder.build()
    folder.write(f"issues/{name}.md", issue_text(6, "2022-02-05", "Sixth"))
    with pytest.raises(BuildError) as error:
        folder.build()
    found = {(finding.rule, finding.where.file) for finding in error.value.findings if finding.is_error}
    assert found == {("path-too-long", f"issues/{name}.md")}


def test_a_site_so_deep_that_its_paths_are_too_long_is_a_finding(folder: Folder) -> None:
    deep = folder.root / "/".join(["d" * 200] * 20)
    finding = refused(folder, output=deep)
    assert finding.rule in ("cannot-write", "path-too-long")


@pytest.mark.parametrize(
    "name", [".", "..", "/", "issues", "issues/x", "pages", "templates/site", ".weekahead", ".git/x", "site/x", "link"]
)
def test_a_build_into_the_letter_itself_is_refused(folder: Folder, name: str) -> None:
    (folder.root / "link").symlink_to("issues")
    before = sorted(folder.root.rglob("*"))
    finding = refused(folder, output=folder.root / name)
    assert finding.rule == "output-folder"
    assert sorted(folder.root.rglob("*")) == before


@pytest.mark.parametrize("name", ["preview", "site", "issues-site", "../out", "."])
def test_a_build_beside_the_letters_folders_is_not_refused(
    folder: Folder, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = folder.root / name
    if name == ".":  # a folder within that is of no use to the letter
        output = folder.root / "public" / "www"
    monkeypatch.chdir(folder.root)
    folder.build(output=output)
    assert (output / "index.html").exists()


def test_a_loop_of_links_is_one_line(folder: Folder) -> None:
    os.symlink("loop", folder.root / "loop")
    assert refused(folder, output=folder.root / "loop/site").rule == "cannot-write"
