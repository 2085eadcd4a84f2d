"""Markdown in other dialects becomes ours: passes over the text outside of code, each change kept with its source."""
