"""Sites of Zola, nasty on purpose."""

from __future__ import annotations

PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000")

SHORTCODES = r"""+++
title = "Week 9: keptpiers"
date = 2024-03-08
slug = "week-nine"
authors = ["keptauthor"]
aliases = ["keptold"]
description = "keptsummary"
weight = 4
[taxonomies]
tags = ["kepttag1", "kepttag2"]
categories = ["keptcategory"]
[extra]
mood = "keptmood"
series = "keptseries"
image = "keptcover.png"
+++

keptlead [keptlink](@/letters/2024-03-01-week-8.md) and [keptpart](@/letters/2024-03-01-week-8.md#keptanchor).
[keptlost](@/nowhere.md)

{{ youtube(id="dQw4w9WgXcQ") }}

{{ figure(src="keptpier.png", alt="keptalt", caption="keptcaption") }}

{% quote(author="keptquoter") %}
keptquoted *words*
{% end %}

{% warning(title="kepttitle") %}
keptwarning

```toml
# keptcode
[extra]
x = "{{ kept }}"
```
{% end %}

Literal: {{/* youtube(id="keptshown") */}} and `{{ kept(x=1) }}`. {{ keptunknown(words="kept many words") }}

<!-- more -->

keptrest.[^1]

[^1]: keptfootnote
"""


def letter() -> dict[str, str | bytes]:
    """Return a site with settings and a text with files beside it."""
    return {
        "config.toml": (
            'base_url = "https://letter.example/"\ntitle = "keptsite"\ndescription = "kepttagline"\ndefault_language = "en"\n'
            'taxonomies = [{name = "tags"}]\n[extra]\nauthor = "keptowner"\n'
        ),
        "content/letters/_index.md": '+++\ntitle = "Letters"\nsort_by = "date"\n+++\n',
        "content/letters/2024-03-01-week-8.md": '+++\ntitle = "Week 8"\n+++\nTides.\n',
        "content/letters/week-9/index.md": SHORTCODES,
        "content/letters/week-9/keptpier.png": PNG,
        "content/letters/week-9/keptcover.png": PNG + b"c",
        "content/letters/draft.md": '+++\ntitle = "Draft"\ndate = 2024-01-01\ndraft = true\n+++\nx\n',
        "content/letters/hidden.md": '+++\ntitle = "Hidden"\ndate = 2024-01-01\nrender = false\n+++\nx\n',
        "content/letters/yaml.md": "---\ntitle: keptyaml\ndate: 2024-02-01T09:00:00Z\npath: /own/way\n---\nx\n",
        "content/about.md": '+++\ntitle = "About"\n+++\nx\n',
    }


def bare() -> dict[str, str | bytes]:
    """Return a site without settings, told by its front matter alone."""
    return {"content/a.md": '+++\ntitle = "A"\ndate = 2024-01-01\n\n[taxonomies]\ntags = ["x"]\n+++\n\nkepta\n'}
