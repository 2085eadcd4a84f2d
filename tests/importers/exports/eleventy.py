"""Sites of Eleventy, nasty on purpose."""

from __future__ import annotations

PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000")

TEXT = r"""---
title: Week 9
date: 2024-03-08
tags: [posts, kepttag]
description: keptsummary
author: keptauthor
permalink: "/letters/{{ page.fileSlug }}/index.html"
keptkey: [keptvalue]
---
keptlead {{ metadata.title }} and {% image "./keptpier.png", "keptalt" %} and `{{ keptspan }}`.

{% raw %}{{ keptraw }}{% endraw %} {{ keptvariable | keptfilter }}

```njk
{% keptfence %}
```

A heading {#kepttext} and ==keptplain== and :tada:

[keptnext](./week-10.md)
"""


def letter() -> dict[str, str | bytes]:
    """Return a site with the data of folders and of texts."""
    return {
        "eleventy.config.js": 'export default () => ({ dir: { input: "src", output: "_site" } });',
        "package.json": '{"devDependencies": {"@11ty/eleventy": "^3"}}',
        "src/_data/metadata.json": '{"title": "keptsite", "url": "https://letter.example", "description": "kepttagline", "language": "en", "author": {"name": "keptowner", "email": "keptmail@letter.example"}}',
        "src/_includes/base.njk": "{{ content | safe }}",
        "src/posts/posts.json": '{"tags": ["posts", "keptfoldertag"], "layout": "post"}',
        "src/posts/2024-03-08-week-9.md": TEXT,
        "src/posts/week-10.md": "---\ndate: 2024-03-15\n---\n# keptheading\n\nkeptbody\n",
        "src/posts/week-11.md": "---\ntitle: Week 11\ndate: 2024-03-22\n---\nx\n",
        "src/posts/week-11.json": '{"draft": true}',
        "src/posts/hidden.md": "---\ntitle: Hidden\ndate: 2024-01-01\neleventyExcludeFromCollections: true\n---\nx\n",
        "src/posts/nowhere.md": "---\ntitle: Nowhere\ndate: 2024-01-01\npermalink: false\n---\nx\n",
        "src/posts/keptpier.png": PNG,
        "src/tags.md": "---\npagination: {data: collections, size: 1}\n---\nx\n",
        "src/about.md": "---\ntitle: About\n---\nx\n",
        "src/index.njk": "x",
        "README.md": "# Read me\n",
    }


def bare() -> dict[str, str | bytes]:
    """Return a site that only its package names, with data as TOML and front matter as JSON."""
    return {
        "package.json": '{"devDependencies": {"@11ty/eleventy": "^2"}}',
        "_data/site.json": '{"title": "keptsite", "url": "https://letter.example/", "author": "keptowner"}',
        "letters/letters.11tydata.json": '{"tags": "letter", "author": "keptfolderauthor"}',
        "letters/2024-03-08-one/index.md": "---\ntitle: One\n---\n{# keptcomment #} {% if x %}keptbranch{% endif %} {{ site.title }}\n",
        "letters/two/two.md": "---\ntitle: Two\ndate: 2024-03-15\n---\nkepttwo\n",
    }
