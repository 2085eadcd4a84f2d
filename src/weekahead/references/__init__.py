"""References as data: a bibliography read into CSL-JSON, citations in a text, and what a style makes of both.

Nothing here is imported by a letter without a bibliography.
"""
