"""A series, a year or all of the letter as one book: a page, an EPUB, a PDF."""
