"""Sites of Hugo, nasty on purpose: all three kinds of front matter, bundles, languages, and shortcodes of themes."""

from __future__ import annotations

PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000")

SHORTCODES = r"""+++
title = "Week 9: keptpiers & cranes"
date = 2024-03-08T16:00:00-07:00
lastmod = 2024-03-10T00:00:00Z
draft = false
tags = ["kepttag1", "kepttag2"]
categories = ["keptcategory"]
series = ["keptseries"]
series_order = 3
aliases = ["/keptold/", "keptolder"]
description = "keptsummary"
author = "keptauthor"
images = ["keptcover.png"]
[params]
  mood = "keptmood"
+++

keptlead. {{< figure src="keptpier.png" caption="keptcaption" alt="keptalt" attr="keptattr" attrlink="https://a.example/keptattrlink" >}}

{{< figure src="/images/keptstatic.png" link="https://a.example/keptto" >}}

Links: [keptref]({{< ref "week-8.md" >}}), [keptrel]({{< relref "/letters/week-8#keptpart" >}}), [keptgone]({{< ref "keptnowhere" >}}).

- keptitem {{< youtube id="dQw4w9WgXcQ" title="kepttube" >}}
- {{< vimeo 146022717 >}}

{{< youtube dQw4w9WgXcQ >}}

{{< x user="keptuser" id="1453110110599868418" >}} {{< gist keptgister 0123456789abcdef "keptfile.py" >}}

{{< highlight go "linenos=table,hl_lines=2-3" >}}
// keptcode {{< not "a shortcode" >}}
```
{{< /highlight >}}

```go {linenos=true}
keptfence := "{{< keptinfence >}}"
```

Write `{{< keptspan >}}` or {{</* keptshown arg="x" */>}}.

{{% notice tip "keptheading" %}}
keptnotice with **bold** and

- a list
  {{< details "keptfolded" >}}
  keptinside
  {{< /details >}}
{{% /notice %}}

{{< tabs >}}{{< tab "keptTab" >}}
kepttabbed
{{< /tab >}}{{< /tabs >}}

{{< mermaid >}}
graph LR; keptgraph-->b
{{< /mermaid >}}

{{< keptunknown words="kept words of a shortcode" >}} {{< keptpair >}}keptbetween{{< /keptpair >}} {{< param mood >}}

> [!NOTE]
> keptalert

> [!warning]- keptwarned
> keptwarning

==keptplain== and `==kept==`.

<!--more-->

Term
: keptdefinition

A keptnote.[^n] ~~keptstruck~~ :tada:

[^n]: keptfootnote with [link](https://a.example/keptfootlink).
"""


def letter() -> dict[str, str | bytes]:
    """Return a site with sections, bundles and settings."""
    return {
        "hugo.toml": (
            'baseURL = "https://letter.example/"\ntitle = "keptsite"\nlanguageCode = "en-gb"\ntimeZone = "Europe/Oslo"\n'
            'copyright = "keptcopyright"\n[permalinks]\nnotes = "/:year/:month/:slug/"\n'
            '[params]\ndescription = "kepttagline"\n[params.author]\nname = "keptowner"\nemail = "keptmail@letter.example"\n'
            "[languages.en]\nweight=1\n[languages.nb]\nweight=2\n"
        ),
        "content/_index.md": "---\ntitle: Home\n---\n",
        "content/letters/_index.md": "---\ntitle: Letters\n---\n",
        "content/letters/week-8.md": "---\ntitle: Week 8\ndate: 2024-03-01\ntags:\n  - tides\n---\n\nTides.\n",
        "content/letters/week-8.nb.md": "---\ntitle: Uke 8\ndate: 2024-03-01\n---\nkeptnorsk\n",
        "content/letters/week-9/index.md": SHORTCODES,
        "content/letters/week-9/keptpier.png": PNG,
        "content/letters/week-9/keptcover.png": PNG + b"c",
        "content/letters/week-9/part.md": "---\ntitle: A part\n---\nx\n",
        "content/letters/json.md": '{\n  "title": "keptjson",\n  "date": "2024-03-15T10:00:00Z",\n  "slug": "own",\n  "weight": 3\n}\n\nkeptjsontext {}\n',
        "content/notes/n.md": "---\ntitle: keptnote one\ndate: 2024-02-03\nslug: keptn\n---\nx\n",
        "content/letters/draft.md": "+++\ntitle = 'Draft'\ndate = 2024-01-01\ndraft = true\n+++\nx\n",
        "content/letters/later.md": "---\ntitle: Later\ndate: 2024-01-01\npublishDate: 2031-01-01\n---\nx\n",
        "content/letters/gone.md": "---\ntitle: Gone\ndate: 2020-01-01\nexpiryDate: 2021-01-01\n---\nx\n",
        "content/letters/unlisted.md": "---\ntitle: Unlisted\ndate: 2020-01-01\nbuild: {list: never}\n---\nx\n",
        "content/letters/broken.md": '+++\ntitle = "keptbrokentitle"\ndate = 2024-05-01\ntags = ["a"\n+++\nkeptbroken\n',
        "content/letters/org.org": "#+title: keptorg\n",
        "content/about.md": "---\ntitle: About\nurl: /who/\n---\nx\n",
        "static/images/keptstatic.png": PNG + b"s",
    }


def bare() -> dict[str, str | bytes]:
    """Return a site without settings."""
    return {
        "content/posts/2024-01-05-named.md": "---\ntitle: Named\n---\nkeptnamed\n",
        "content/posts/rule.md": "---\ntitle: Rule\ndate: 2024-01-12 08:00:00 +0100 CET\n---\n---\n\nkeptrule\n\n---\n",
    }
