"""The rules about bibliographies, which lint/bibliography.py checks."""

from __future__ import annotations

from weekahead.lint.rules.registry import NOTE, WARNING, declare_rule

FILE = declare_rule("bibliography", WARNING)
LACKS = declare_rule("reference-lacks", WARNING)
MALFORMED = declare_rule("reference-malformed", WARNING)
DOUBLED = declare_rule("reference-doubled", WARNING)
NO_DOI = declare_rule("reference-doi", NOTE)
UNUSED = declare_rule("reference-unused", NOTE)
NOTES = declare_rule("citation-notes", WARNING)
