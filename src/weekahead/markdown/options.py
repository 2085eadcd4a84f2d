"""How a text is converted, beside what it says."""

from __future__ import annotations

from msgspec import Struct

from weekahead.model.config import Config
from weekahead.model.issue import ACTIVE_CONTENT, Text


class TextOptions(Struct, frozen=True):
    """The language of a text, as a tag such as en or pt-BR, whether `$…$` is a formula in it, and whether frames of videos stay in it."""

    language: str = "en"
    maths: bool = False
    frames: bool = False

    @classmethod
    def of_letter(cls, config: Config) -> TextOptions:
        """Return the options of the texts of a letter that do not say themselves."""
        return cls(config.language, config.maths, ACTIVE_CONTENT in config.allow)

    def of_text(self, text: Text) -> TextOptions:
        """Return the options of one text, these being the letter's."""
        if text.language is None and text.maths is None and not text.frames:
            return self
        maths = self.maths if text.maths is None else text.maths
        return TextOptions(text.language or self.language, maths, self.frames or text.frames)

    def key(self, text: Text) -> str:
        """Return a string that differs for texts of other words, files or options, these being the letter's."""
        options = self.of_text(text)
        return (
            f"{text.digest} {options.language}{' maths' if options.maths else ''}{' frames' if options.frames else ''}"
        )
