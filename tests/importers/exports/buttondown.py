"""Exports of Buttondown, nasty on purpose: both editors, every type, template tags, and the folder of its command line."""

from __future__ import annotations

import csv
import io
import json

PLAIN = """<!-- buttondown-editor-mode: plaintext -->## keptheading

Dear {{ subscriber.metadata.first_name | default: 'keptreader' }} and {{ subscriber.email }},

A kepttext[^1] with `{{ keptcode }}` and [keptlink](https://a.example/keptaddress?a=1).

```jinja
{% if keptfence %}{{ keptvalue }}{% endif %}
```

{% if subscriber.can_be_premium %}
[keptgo]({{ upgrade_url }})
{% endif %}
{% if subscriber.is_premium %}secretpremium {% if x %}secretnested{% endif %}{% else %}keptelse{% endif %}
{% if medium == "email" %}secretmail{% elif subscriber.tags %}secrettag{% endif %}
{{ subscribe_form }} {{ keptunknown }} {% keptwidget 3 %}
<a href="{{ unsubscribe_url }}">keptunsubscribe</a>

| keptpier | keptstars |
|---|---:|
| old | 154,162 |

[^1]: keptfootnote"""

FANCY = """<!-- buttondown-editor-mode: fancy --><h2>keptfancy</h2>
<p>They <strong>keptcome</strong>, {{ subscriber.name|default:"keptfriend" }}. <img src="https://a.example/keptpicture.png" alt="keptalt"></p>
<blockquote class="twitter-tweet"><p lang="en">kepttweet</p>&mdash; Quay (@quay) <a href="https://twitter.com/quay/status/7">January 2, 2024</a></blockquote>
<pre><code class="lang-css"><span class="hljs-selector-tag">keptselector</span> { content: "{{ keptincode }}"; }
</code></pre>{% if subscriber.premium %}<p>secretfancy</p>{% endif %}
<div data-type="paywall" class="paywall"></div><p>paidfancy</p>"""

COLUMNS = ("id", "secondary_id", "subject", "publish_date", "source", "email_type", "slug")

ROWS = (
    ("e1", "1", 'Week 1: keptsubject, "quoted"', "2024-01-05 16:55:00.343246+00:00", "app", "public", "week-1"),
    ("e2", "2", "Week 2", "2024-01-12 16:55:00+00:00", "api", "public", "week-2"),
    ("e3", "3", "Week 3", "2024-01-19 17:00:00+00:00", "app", "premium", "week-3"),
    ("e4", "4", "Week 4", "2024-01-26 17:00:00+00:00", "app", "hidden", "week-4"),
    ("e5", "5", "Week 5", "2024-02-02 17:00:00+00:00", "app", "private", "week-5"),
    ("e6", "", "Week 6", "", "app", "public", "week-6"),
    ("e7", "7", "Week 7", "2031-02-02 17:00:00+00:00", "app", "public", "week-7"),
    ("e8", "8", "Week 8", "2024-02-16 17:00:00+00:00", "app", "public", "keptnofile"),
    ("e9", "9", "Week 9", "keptnever", "app", "public", "week-9"),
)


def table(rows: tuple[tuple[str, ...], ...] = ROWS, columns: tuple[str, ...] = COLUMNS) -> str:
    """Return a table of e-mails."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows(row[: len(columns)] for row in rows)
    return out.getvalue()


def members() -> dict[str, str | bytes]:
    """Return the members of a zip."""
    texts = {
        f"emails/week-{number}.md": f"<!-- buttondown-editor-mode: plaintext -->kept{number}text"
        for number in (3, 4, 5, 6, 7, 9)
    }
    return {
        "emails.csv": "\ufeff" + table().replace("\n", "\r\n"),
        "emails/week-1.md": PLAIN,
        "emails/week-2.md": FANCY,
        **texts,
        "emails/orphan.md": "keptorphan",
        "subscribers.csv": "id,email,ip_address\n1,secretreader@x.example,192.0.2.7\n",
        "drafts.csv": table((("d1", "", "A draft", "", "app", "public", "a-draft"),)),
        "drafts/a-draft.md": "keptdraft",
    }


def as_json() -> dict[str, str | bytes]:
    """Return the members of an older zip, whose table is JSON and does not say who may read an e-mail."""
    names = COLUMNS[:5] + COLUMNS[6:]
    rows = [dict(zip(names, row[:5] + row[6:], strict=True)) for row in ROWS[:2]]
    return {"emails.json": json.dumps(rows), "emails/week-1.md": "keptone", "emails/week-2.md": "kepttwo"}


OWN = """---
id: em_1
subject: "keptown: subject"
status: sent
slug: own
email_type: public
publish_date: 2024-03-01T10:00:00Z
description: keptdescription
image: media/keptcover.png
canonical_url: https://else.example/keptcanonical
editor_mode: plaintext
---

keptbody {{ subscribe_form }}
"""


def own_folder() -> dict[str, str | bytes]:
    """Return the files that Buttondown's command line keeps."""
    return {
        "newsletter.json": '{"name": "x", "api_key": "secretkey"}',
        "automations.yaml": "name: secretautomation\n",
        "emails/own.md": OWN,
        "emails/later.md": OWN.replace("status: sent", "status: draft")
        .replace("em_1", "em_2")
        .replace("slug: own", "slug: later"),
        "media/keptcover.png": b"\x89PNG",
    }
