"""Placed posts become files: links led to the files of issues, media beside them, front matter before them."""
