"""Ways out: a letter as a folder of plain Markdown, as a file for Ghost, as pages to paste."""
