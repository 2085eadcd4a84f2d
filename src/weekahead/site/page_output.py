"""Pages as outputs of the site: a template, and what it is given."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from msgspec.structs import replace

from weekahead.model.findings import Location
from weekahead.site.context import RenderContext
from weekahead.site.output import Output, WriteOrder
from weekahead.site.page_context import POLICY, PageContext
from weekahead.site.templates import render_page


def page_output(
    context: RenderContext,
    template: str,
    path: str,
    order: WriteOrder,
    source: Location,
    build: Callable[..., PageContext],
    *arguments: Any,
) -> Output:
    """Return a page: `build` makes its context, from the render context and the arguments."""
    return Output(
        path=path + ("index.html" if path.endswith("/") or not path else ""),
        source=source,
        order=order,
        recipe=" ".join(map(str, (template, *arguments))),
        context=partial(_context, context, template, build, arguments),
        render=_render,
    )


def _context(
    context: RenderContext, template: str, build: Callable[..., PageContext], arguments: tuple[Any, ...]
) -> Any:
    return context.theme(template), template, build(context, *arguments), context.texts, context.translator


def _render(given: Any) -> bytes:
    return render_page(*given)


def made_with_policy(output: Output) -> tuple[bytes, str | None]:
    """Return a file without the policy in its head, and the policy, for a server that sends it as a header.

    A template can leave a policy out, and a text could try to come before it; a header is there whatever a page holds.
    """
    policy: str | None = POLICY
    shown = output.context()
    match shown:
        case (theme, template, PageContext() as page, *more):
            policy = page.page.policy
            shown = (theme, template, replace(page, page=replace(page.page, policy=None)), *more)
    return output.render(shown), policy
