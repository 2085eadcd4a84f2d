"""Obsidian's vaults, MkDocs' blogs and folders of plain Markdown, nasty on purpose."""

from __future__ import annotations

PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000")

NOTE = r"""---
aliases: [keptalias]
tags: kepttag1 nested/kepttag2
created: 2024-03-08
publish: true
cssclass: wide
keptkey: keptvalue
---
# Week 9

keptlead [[Week 8]] and [[week 8|keptshown]] and [[Week 8#Some Part|keptpart]] and [[keptother alias]] and [[keptgone|keptwords]].

![[keptpier.png|300]] ![[folder/keptsecond.png|keptalt|200]] ![keptsized|300](folder/keptsecond.png) ![[Week 8]] ![[keptpaper.pdf]]

%%
keptcomment [[Week 8]]
%%

> [!tip]- keptfolded *title*
> keptcallout [[Week 8]]
> > [!keptcustom] keptinner
> > x

==keptmarked== #kepttag3 and #1 and `#notatag` and keptinline^[a *keptfootnote* with [a link](https://a.example/keptfoot)].

```dataview
LIST FROM #keptquery [[x]] %%y%%
```

| keptcell | b |
|---|---|
| [[Week 8\|keptcelllink]] | `[[keptspan]]` |

A block ^keptblock

$$\text{keptformula}_1$$ A heading {#keptbraces} :tada:

- [ ] kepttask
"""


def vault() -> dict[str, str | bytes]:
    """Return a vault with a hidden folder of settings."""
    return {
        ".obsidian/app.json": '{"secretsetting": 1}',
        "Week 9.md": NOTE,
        "Week 8.md": "Tides, to #keptbodytag.\n\n## Some Part\n",
        "folder/Other.md": "---\naliases: keptother alias\nstatus: published\ndate: 2024-02-01\n---\nkeptothertext [[../Week 8|up]]\n",
        "folder/Private.md": "---\npublish: false\n---\nx\n",
        "attachments/keptpier.png": PNG,
        "folder/keptsecond.png": PNG + b"2",
        "attachments/keptpaper.pdf": b"%PDF",
        "Templates/note.md": "{{title}}",
        "drawing.canvas": "{}",
    }


BLOG = r"""---
date:
  created: 2024-03-08
  updated: 2024-03-09
authors: [keptkey]
categories: [keptcategory]
tags: [kepttag]
draft: false
readtime: 5
description: keptsummary
---
# Week 9: keptpiers

keptlead :material-pier:{ .lg } ++ctrl+c++ {--keptdeleted--} {++keptinserted++} {>>keptremark<<}

<!-- more -->

!!! note ""
    keptuntitled

??? example "keptfolded"
    keptinside

    ``` py
    keptcode = "!!! note"
    ```

!!! keptkind
    keptown

=== "keptTab"

    kepttabbed

=== "keptOther"

    keptothertab

1.  keptlist

    !!! tip "keptnested"
        keptdeep

--8<-- "keptsnippet.md"

![keptalt](../../assets/keptpier.png){ width="300" } [keptrel](other.md)
"""


def blog() -> dict[str, str | bytes]:
    """Return a blog beside a documentation."""
    return {
        "mkdocs.yml": (
            "site_name: keptsite\nsite_url: https://letter.example/\nsite_description: kepttagline\nsite_author: keptowner\n"
            "plugins:\n  - search\n  - blog:\n      post_url_format: '{date}/{slug}'\nmarkdown_extensions:\n"
            "  - pymdownx.emoji:\n      emoji_index: !!python/name:material.extensions.emoji.twemoji\n"
        ),
        "docs/index.md": "# Home\n",
        "docs/blog/index.md": "# Blog\n",
        "docs/blog/authors.yml": "authors:\n  keptkey:\n    name: keptauthor\n",
        "docs/blog/posts/week-9.md": BLOG,
        "docs/blog/posts/2024/other.md": "---\ndate: 2024-03-01\nslug: own\ntitle: Other\n---\nx\n",
        "docs/blog/posts/draft.md": "---\ndate: 2024-01-01\ndraft: true\n---\n# Draft\nx\n",
        "docs/assets/keptpier.png": PNG,
    }


PLAIN = r"""# keptpiers *and* cranes

keptlead ![keptalt](pier.png "keptcaption") [keptnext](2024-03-15-week-10.md)

> [!question] keptasked
> keptquestion

::: tip keptheading
keptcontainer
:::

!!! danger
    keptdanger

A claim [@keptknuth84, p. 5] and keptinline^[keptfootnote] and {{< youtube dQw4w9WgXcQ >}} and {% keptliquid a="kept some words" %}.

~~~{.python .numberLines}
keptcode = "[[x]] {{ y }} ::: z"
~~~
"""


def plain() -> dict[str, str | bytes]:
    """Return a folder of texts with and without front matter."""
    return {
        "2024-03-08-week-9.md": PLAIN,
        "2024-03-15-week-10.md": "---\nstatus: published\n---\nkeptten\n",
        "2024-03-22 Week 11.markdown": "---\ntitle: Week 11\ndraft: false\ndate: 2024-03-22\naliases: /kept/old\n---\nkepteleven\n",
        "folder/index.md": "No heading.\n",
        "drafts/2024-01-01-x.md": "---\npublished: true\n---\nx\n",
        "later.md": "---\ntitle: Later\ndate: March 8, 2031\npublic: yes\n---\nx\n",
        "README.md": "# About this folder\n",
        "pier.png": PNG,
    }


def bare_blog() -> dict[str, str | bytes]:
    """Return a blog whose settings say where it is and how its addresses look."""
    return {
        "mkdocs.yml": (
            "site_name: Bare\nsite_url: https://letter.example/sub/\ndocs_dir: src\nplugins:\n"
            "  - blog:\n      blog_dir: .\n      post_url_format: 'p/{slug}'\n"
        ),
        "src/posts/one.md": "---\ndate: 2024-03-08\n---\n\n# One {#keptid}\n\nkeptone [[kepttext]] :tada:\n",
        "src/about.md": "# About\n",
    }


def bare_plain() -> dict[str, str | bytes]:
    """Return texts without any front matter, one of them in another encoding, and one that is only a title."""
    return {
        "week one.txt": "not Markdown",
        "2024-03-08.md": "Two\nlines\n=====\n\nkeptbody\n",
        "a/b/Öl.MD": "# \n\ncaf\xe9 keptlatin\n".encode("latin-1"),
        "title.md": "# keptonly",
        "empty.md": "",
        "toml.md": '+++\ntitle = "keptTOML"\npublished = true\ndate = 2024-01-02 10:00:00\n+++\nkepttoml\n',
    }
