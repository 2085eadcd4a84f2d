"""HTML of a post becomes Markdown: passes over its tree, a library for the rest, and our own marks escaped."""
