"""Ways in: what other systems and our own export hold, as the files of a letter."""
