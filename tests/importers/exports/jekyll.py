"""Sites of Jekyll, nasty on purpose: a letter with a blog of years behind it, and one without settings."""

from __future__ import annotations

PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000")

LIQUID = r"""---
layout: post
title: "Week 9: keptpiers & cranes"
date: 2024-03-08 23:30:00 -0700
author: keptauthor
categories: keptcategory
tags: kepttag1 kepttag2
redirect_from:
  - /keptold/
  - /keptolder.html
image: /assets/keptcover.png
excerpt: keptexcerpt
custom_key: {a: keptcustom}
---
keptlead with {{ site.title }} and [keptlink]({% post_url 2024-03-01-week-8 %}) and [keptfile]({{ site.baseurl }}/assets/keptpaper.pdf).
Gone: [keptgone]({% post_url 2020-01-01-nowhere %}). {{ page.nothing | keptfilter }}

<!--more-->

{% highlight python linenos %}
# keptcode {{ not.liquid }}
```
{% endhighlight %}

``` liquid
{{ keptfence }} {% keptfence2 %}
```

    {{ keptindented }}

`{% keptspan %}` and {% raw %}{{ keptraw }}{% endraw %} {% comment %}keptcomment{% endcomment %}

{% include figure.html src="/assets/keptpier.png" alt="keptalt" caption="A *keptcaption*" %}

{% include keptinclude.html words="keptwords of an include" %}
{% youtube dQw4w9WgXcQ %}
{% gist keptuser/0123456789abcdef %}
{% if keptcondition %}keptbranch{% endif %}

## A heading
{: #keptid .no_toc}

1. TOC
{:toc}

keptpara *marked*{: .lead}
{: .keptclass}

- keptitem

  {% highlight ruby %}
puts "keptnested"
  {% endhighlight %}

{::comment}
kepthidden
{:/comment}

A keptnote[^1] and $$a^2$$ in a line.

$$
\text{keptformula}_1
$$

| keptcell | b |
|---|---|
| 154,162 | `kept\|pipe` |

[^1]: The *keptfootnote*.

<script src="https://gist.github.com/keptgist/0123456789.js"></script>
<iframe width="1" src="https://www.youtube.com/embed/dQw4w9WgXcQ" title="keptvideo"></iframe>

/// note
keptslashes
///
"""


def letter() -> dict[str, str | bytes]:
    """Return a site with settings, posts, drafts, a collection and pages."""
    return {
        "_config.yml": (
            "title: keptsite\ndescription: kepttagline\nurl: https://letter.example\nbaseurl: /blog\ntimezone: America/Denver\n"
            "author: {name: keptowner, email: keptmail@letter.example}\nlang: en\nplugins: [jekyll-feed]\n"
            "collections: {letters: {output: true, permalink: '/l/:name/'}}\n"
            "defaults:\n  - scope: {path: '', type: posts}\n    values: {series: keptseries}\n"
        ),
        "_posts/2024-03-01-week-8.markdown": "---\ntitle: Week 8\n---\nTides.\n",
        "_posts/2024-03-08-week-9-piers.md": LIQUID,
        "_posts/2021-9-1-keptearly.md": "---\ntags:\n- one\n- two words\n---\nkeptearlytext\n",
        "keptfolder/_posts/2024-03-15-week-10.md": "---\ntitle: Week 10\npermalink: /kept/:year/own\n---\nx\n",
        "_posts/2024-03-22-hidden.md": "---\ntitle: Week 11\npublished: false\n---\nx\n",
        "_posts/2030-03-22-future.md": "---\ntitle: Week 300\n---\nx\n",
        "_posts/2024-04-01-broken.md": '---\ntitle: Kept: a colon\ntags: [a, "keptopen]\nslug: keptslug\n---\nkeptbroken\n',
        "_posts/2024-04-05-week.html": "---\ntitle: kepthtml\n---\n<p>kepthtmltext {{ site.title }}</p>\n",
        "_posts/2024-04-08-latin.md": "---\ntitle: Latin\n---\ncaf\xe9 keptlatin\n".encode("latin-1"),
        "_posts/keptnodate.md": "---\ntitle: No date\n---\nx\n",
        "_drafts/week-12.md": "---\ntitle: Week 12\n---\nx\n",
        "_letters/special.md": "---\ntitle: keptspecial\ndate: 2024-02-01\n---\nx\n",
        "_unknown/thing.md": "---\ntitle: Unknown\n---\nx\n",
        "about.md": "---\ntitle: keptabout\npermalink: /about/\n---\nAbout.\n",
        "README.md": "No front matter.\n",
        "_layouts/default.html": "{{ content }}",
        "assets/keptpier.png": PNG,
        "assets/keptcover.png": PNG + b"c",
        "assets/keptpaper.pdf": b"%PDF",
    }


def bare() -> dict[str, str | bytes]:
    """Return a site without settings, whose posts are as old blogs have them."""
    return {
        "_posts/2009-01-02-first.textile": "h1. Textile",
        "_posts/2009-01-03-second.md": "---\nlayout: post\ntitle: Second\ncategory: Two Words\ntags: a, b c\n---\n{% img left /images/keptold.png 300 200 'keptimg' %}\n",
        "_posts/2009-01-04-third.md": "---\ntitle: Third\ndate: 2009-13-45\n---\n{% codeblock keptcodetitle lang:js %}\nvar x;\n{% endcodeblock %}\n",
        "_posts/2009-01-05-fourth.md": "---\ntitle: Never closed\ntags: x\n\nkeptunclosed\n",
        "_posts/2009-01-06-fifth.md": "---\ntitle: Twice\ntitle: Last wins\nlink: &a x\nother: *a\n---\nkepttwice\n",
        "images/keptold.png": PNG,
    }
