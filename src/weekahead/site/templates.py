"""Rendering: a typed context and a Jinja template become a page. The only module that imports Jinja."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from types import CodeType
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import asdict

from weekahead.markdown.rendered_texts import RenderedTexts, TextRef
from weekahead.model.findings import Location, build_error, nearest
from weekahead.runtime.compiled_code import load_code, save_code
from weekahead.runtime.cpu_limit import CpuLimitExceeded, cpu_limit
from weekahead.theme.i18n import Translator
from weekahead.theme.lookup import Theme

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment
    from markupsafe import Markup

TIME_LIMIT = 10
"""Seconds of CPU that a page may take; a list of 10,000 issues takes 0.05."""


def render_page(theme: Theme, template: str, context: Struct, texts: RenderedTexts, translator: Translator) -> bytes:
    """Return a page. Raises BuildError with a finding in the template that fails."""
    environment = _environment(theme, translator, texts.version)
    environment.texts = texts  # type: ignore[attr-defined]
    text = _rendered(environment, theme, template, asdict(context))
    return (text.strip() + "\n").encode()


def render_text(theme: Theme, template: str, context: dict[str, Any]) -> str:
    """Return a template that is no page of the site, rendered with plain values. Raises BuildError."""
    return _rendered(_environment(theme, None, ""), theme, template, context)


def _rendered(environment: SandboxedEnvironment, theme: Theme, name: str, context: dict[str, Any]) -> str:
    import jinja2

    try:
        with cpu_limit(TIME_LIMIT):
            return environment.get_template(name).render(context)
    except CpuLimitExceeded as error:
        message = f"rendering this template took more than {TIME_LIMIT} s for one page"
        raise build_error(_raised_at(theme, name, error), "template", message, "Look for nested loops.") from None
    except jinja2.TemplateSyntaxError as error:
        where = _location(theme, error.name or name, error.lineno)
        filter_name = re.match(r"No filter named '(\w+)'", error.message or "")
        spelling = "Check the spelling of this tag, and that every block is closed."
        hint = nearest(filter_name[1], environment.filters) if filter_name else spelling
        raise build_error(where, "template", error.message or "this template has a syntax error", hint) from None
    except jinja2.TemplateNotFound as error:
        where, message = _raised_at(theme, name, error), f'there is no template "{error.name}"'
        raise build_error(where, "template", message, nearest(str(error.name), theme.templates)) from None
    except Exception as error:
        said, _, hint = (str(error) or type(error).__name__).partition(_HINT)
        message = f"this template failed: {said}"
        raise build_error(_raised_at(theme, name, error), "template", message, hint or _hint(error, context)) from None


_HINT = "\n\n"
"""Between the message and the hint of an error that is raised by a missing field."""


def _hint(error: Exception, context: Iterable[str]) -> str:
    missing = re.match(r"'(\w+)' is undefined", str(error))
    return nearest(missing[1], context) if missing else f"This page has: {', '.join(context)}."


def _without_field(thing: Any, name: Any) -> str | None:
    """Return message and hint for a field that a thing of a template does not have; None where Jinja says it as well."""
    if thing is None:
        return f'there is no "{name}" of nothing{_HINT}What stands before .{name} is none here. Put it within {{% if … %}}.'
    if not (isinstance(thing, Struct) or type(thing).__name__ == "TemplateModule"):
        return None
    known = thing.__struct_fields__ if isinstance(thing, Struct) else [key for key in vars(thing) if key[0] != "_"]
    return f'there is no "{name}" here{_HINT}{nearest(str(name), known)}'


def _location(theme: Theme, name: str, line: int) -> Location:
    return Location(theme.templates[name].file if name in theme.templates else f"templates/{name}", line)


def _raised_at(theme: Theme, name: str, error: BaseException) -> Location:
    """Return the deepest line of a template in an error's traceback."""
    where, traceback = _location(theme, name, 1), error.__traceback__
    while traceback:
        file = traceback.tb_frame.f_code.co_filename
        if file in theme.templates and traceback.tb_frame.f_globals.get("__name__") != __name__:
            where = _location(theme, file, traceback.tb_lineno)
        traceback = traceback.tb_next
    return where


# -- the environment

_last: list[tuple[Theme, str, SandboxedEnvironment]] = []
"""The environment that was used last, with its theme and a digest of its words: a build has one."""


def _environment(theme: Theme, translator: Translator | None, version: str) -> SandboxedEnvironment:
    digest = translator.digest if translator else ""
    if not (_last and _last[0][0] is theme and _last[0][1] == digest):
        _last[:] = [(theme, digest, _new_environment(theme, translator, version))]
    return _last[0][2]


MOST_COMPILED = 256
"""Compiled templates that are kept in memory; a theme has some twenty."""
_compiled: dict[tuple[str, str, str], CodeType] = {}
"""What templates compiled to, by the digest of the words, by name and by text: a preview makes its site again and again."""


@cache
def _bytecode_cache_type() -> Any:
    """Return the type of what hands Jinja a template that was compiled before: by this process, or a packaged one by another."""
    import jinja2
    from jinja2.bccache import Bucket

    class Compiled(jinja2.BytecodeCache):
        def __init__(self, theme: Theme, words: str, version: str) -> None:
            self._words = words  # Jinja reckons constant sentences while it compiles
            packaged = (name for name, template in theme.templates.items() if theme.is_packaged(template))
            self._packaged = {self.get_cache_key(name, name) for name in packaged} if version else set()
            self._version = version

        def load_bytecode(self, bucket: Bucket) -> None:
            bucket.code = _compiled.get((self._words, bucket.key, bucket.checksum))
            if bucket.code is None and bucket.key in self._packaged:
                bucket.code = load_code(f"template-{bucket.key}", self._source(bucket))

        def dump_bytecode(self, bucket: Bucket) -> None:
            if len(_compiled) >= MOST_COMPILED:
                _compiled.clear()
            if bucket.code:
                _compiled[self._words, bucket.key, bucket.checksum] = bucket.code
                if bucket.key in self._packaged:
                    save_code(f"template-{bucket.key}", self._source(bucket), bucket.code)

        def _source(self, bucket: Bucket) -> str:
            return f"{self._version} {self._words} {bucket.checksum}"

    return Compiled


@cache
def _environment_type() -> Any:
    """Return the type of our environments, whose fields are those of contexts."""
    import jinja2
    from jinja2.sandbox import SandboxedEnvironment
    from markupsafe import Markup

    class Missing(jinja2.StrictUndefined):
        @property
        def _undefined_message(self) -> str:
            return _without_field(self._undefined_obj, self._undefined_name) or super()._undefined_message

    class Environment(SandboxedEnvironment):
        texts: RenderedTexts

        def __init__(self, **options: Any) -> None:
            super().__init__(undefined=Missing, **options)

        def getattr(self, obj: Any, attribute: str) -> Any:
            """Return a field of a context, a text as markup. Lists ask for fields again and again: no detour."""
            if isinstance(obj, Struct) and attribute in obj.__struct_fields__:
                value = getattr(obj, attribute)
                return Markup(self.texts.html(value)) if type(value) is TextRef else value
            return self._or_false(obj, super().getattr(obj, attribute))

        def getitem(self, obj: Any, argument: Any) -> Any:
            return self._or_false(obj, super().getitem(obj, argument))

        def _or_false(self, obj: Any, value: Any) -> Any:
            """Return a value; for a key that an author may set and has not, one that is false, and empty on a page."""
            return jinja2.ChainableUndefined() if type(value) is Missing and isinstance(obj, dict) else value

    return Environment


def _new_environment(theme: Theme, translator: Translator | None, version: str) -> SandboxedEnvironment:
    import jinja2
    from jinja2.sandbox import safe_range

    def load(name: str) -> tuple[str, str, Callable[[], bool]] | None:
        template = theme.templates.get(name)
        return (template.text, name, lambda: True) if template else None

    environment: SandboxedEnvironment = _environment_type()(
        loader=jinja2.FunctionLoader(load),
        bytecode_cache=_bytecode_cache_type()(theme, translator.digest if translator else "", version),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=-1,
    )
    environment.globals.clear()
    environment.globals["range"] = safe_range
    environment.filters["iso"] = lambda value: value.isoformat()
    environment.filters["unbroken"] = _unbroken
    if translator:
        environment.filters |= {
            "say": partial(_say, translator),
            "day": translator.format_date,
            "short_day": lambda day: translator.format_date(day, "short"),
            "digits": translator.format_number,
            "listed": partial(_listed, translator),
            "linked": _linked,
        }
    return environment


def _unbroken(title: str) -> Markup:
    """Return a title in which short words in brackets, such as "(edition 8/8)", stay on one line."""
    from markupsafe import Markup, escape

    if "(" not in title and "（" not in title:
        return escape(title)
    parts = re.split(r"((?<!\S)\([^()]{1,24}\)|（[^（）]{1,12}）)", title)
    return Markup("").join(
        Markup('<span class="whole">{}</span>').format(part) if place % 2 else escape(part)
        for place, part in enumerate(parts)
    )


def _say(translator: Translator, key: str, **values: Any) -> Markup:
    """Return a sentence of the catalogue as markup: what is put into it is escaped, unless it is markup itself."""
    from markupsafe import Markup, escape

    given = {name: value if isinstance(value, int) else escape(value) for name, value in values.items()}
    return Markup(translator.translate(key, **given))


def _listed(translator: Translator, names: Sequence[str]) -> Markup:
    from markupsafe import Markup, escape

    return Markup(translator.join_list([escape(name) for name in names]))


def _linked(named: Sequence[Any]) -> list[Markup]:
    """Return the name of each, as a link where it has an address."""
    from markupsafe import Markup

    link = Markup('<a href="{}">{}</a>')
    return [link.format(one.address, one.name) if one.address else Markup("{}").format(one.name) for one in named]
