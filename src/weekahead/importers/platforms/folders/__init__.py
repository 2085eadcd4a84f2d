"""What the rooms of folders share: sites in a folder, front matter of all kinds, posts made of it."""
