"""A newsletter kept as plain text in git: issues in, a site, feeds and a schedule that holds out."""

__version__ = "0.1.0"
