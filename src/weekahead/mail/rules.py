"""What `weekahead check` finds in the e-mail edition of an issue, without the libraries that make one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from weekahead.mail.edition import WAY_OUT, edition_page, html_with_rules
from weekahead.mail.views import MOST, WARN_ABOVE
from weekahead.model.config import MailConfig
from weekahead.model.findings import Finding, Location, warning
from weekahead.site.context import RenderContext
from weekahead.site.html_text import sanitize_for_mail
from weekahead.site.published import PublishedIssue

LONGEST_SUBJECT = 78
"""Characters of a subject; mail programs show fewer, phones about 40."""


def edition_findings(context: RenderContext, published: PublishedIssue, mail: MailConfig) -> Iterator[Finding]:
    """Yield what is wrong with the edition of an issue. Raises BuildError when its template fails."""
    page = edition_page(context, published, mail, sanitize_for_mail)
    html = html_with_rules(context, page)
    if WAY_OUT not in html:
        message = "the e-mail has no link to unsubscribe"
        hint = 'Write <a href="{{ way_out }}">{{ "unsubscribe"|say }}</a> into this template.'
        yield Finding(Location("templates/email.html", 1), "mail-no-way-out", message, hint)
    if len(page.subject) > LONGEST_SUBJECT:
        message = f"the subject of the e-mail has {len(page.subject)} characters; {LONGEST_SUBJECT} are read"
        hint = "Give the issue a shorter one: mail: {subject: ...}"
        yield warning(published.source.at("title"), "mail-subject-long", message, hint)
    size = inlined_size(html)
    if size > WARN_ABOVE:
        message = f"the HTML of the e-mail has {size // 1024} KB; Gmail cuts what is longer than about 102"
        hint = "Shorten the text, or leave long code and tables on the page and link to it."
        where = Location(published.source.file, 1)
        too_large = Finding(where, "mail-too-large", message, hint)
        yield too_large if size > MOST else warning(where, "mail-too-large", message, hint)


_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")


def inlined_size(html: str) -> int:
    """Return about how many bytes HTML has once the rules of its style element are on the elements themselves."""
    from selectolax.lexbor import LexborHTMLParser

    tree, size = LexborHTMLParser(html), len(html.encode())
    for sheet in tree.css("style"):
        text = sheet.text()
        size -= len(text.encode())
        for selectors, rules in _RULE.findall(text):
            size += len(tree.css(selectors.strip())) * (len(" ".join(rules.split())) + len(' style=""'))
    return size
