"""One document doubled: twice the text should take twice the time, whatever shape it has."""

from __future__ import annotations

import gc
import resource
from collections.abc import Callable, Iterator

from benchmarks.figures import Doubling
from benchmarks.hostile import HOSTILE

ORDINARY: dict[str, Callable[[int], str]] = {
    "paragraphs": lambda n: f"The lock *opens* at nine, and the barge isn't late: it has `waited`. {n}\n\n",
    "one long paragraph": lambda n: (
        f"The “lock” *opens* at nine -- and the barge isn't late; it has **waited** {n} times. "
    ),
    "lists": lambda n: f"- the {n}th gate, *painted*\n",
    "nested lists": lambda n: f"- gate {n}\n  - paddle\n    - winch, and its `handle`\n",
    "lists of paragraphs": lambda n: f"{n}. A gate.\n\n    It is the upper one.\n\n",
    "quotes": lambda n: f"> The gate is shut, said {n}.\n> Open it.\n\n",
    "nested quotes": lambda n: f"> one {n}\n> > two\n> > > three\n\n",
    "code blocks": lambda n: f"```python\nfor gate in range({n}):\n    gate.open()  # <slowly>\n```\n\n",
    "indented code": lambda n: f"    gate {n} = 'open' <b>\n\n",
    "code spans": lambda n: f"`gate {n}` and ``pad`dle`` ",
    "tables": lambda n: f"| a | b |\n|---|---|\n| gate {n} | *shut* |\n\n",
    "one long table": lambda n: "| a | b |\n|---|---|\n" if n == 0 else f"| gate {n} | `shut` |\n",
    "footnotes": lambda n: f"A gate.[^{n}]\n\n[^{n}]: The {n}th.\n\n",
    "links": lambda n: f"[gate {n}](https://canal.example/{n}?a=1&b=2 'The gate') ",
    "reference links": lambda n: f"See [gate {n}][g{n}].\n\n[g{n}]: https://canal.example/{n}\n\n",
    "bare addresses": lambda n: f"https://canal.example/gate/{n} ",
    "pictures": lambda n: f"![A gate, {n}](https://canal.example/{n}.png)\n\n",
    "headings": lambda n: f"## The gate\n\n### Its paddle {n}\n\n",
    "definitions": lambda n: f"Gate {n}\n:   What shuts.\n\n",
    "unclosed brackets": lambda n: "[",
    "unclosed links": lambda n: f"[gate {n}](https://canal.example/ ",
    "unclosed emphasis": lambda n: f"*gate {n} **and _paddle ",
    "unclosed code": lambda n: "`" * (n % 7 + 1) + " gate ",
    "emphasis": lambda n: f"*gate* **paddle** ***winch*** _rope_ ~~{n}~~ ",
    "emphasis in a row": lambda n: "_gate__*paddle* ~~winch~~~ ",
    "quotation marks": lambda n: "\"gate\" 'paddle' it's ",
    "html blocks": lambda n: f"<div>\n<p>gate {n}</p>\n</div>\n\n",
    "inline html": lambda n: f"<b>gate</b> <i title='{n}'>paddle</i> ",
    "unclosed html": lambda n: f"<div><span>gate {n} ",
    "unclosed marks": lambda n: f"<font color='{n}'>gate\n\n",
    "wrong end tags": lambda n: "<em>gate</strong> ",
    "active content": lambda n: f"[gate](javascript:{n}) ",
    "comments": lambda n: f"<!-- gate {n} -->\n\n",
    "entities": lambda n: "&amp; &mdash; &#8212; AT&T < ",
    "escapes": lambda n: r"\* \_ \[ \` ",
    "tasks": lambda n: f"- [x] gate {n}\n",
}
"""What each shape repeats, given how often it has been."""

SHAPES = ORDINARY | HOSTILE

REFUSAL = "too-slow"
"""The rule by which a text is given up. One that is refused for its depth counts with the time until it is."""
LEAST = 0.05
"""CPU seconds that the single text should take, so that the clock's grain does not count."""
MOST = 1 << 16
"""Repetitions at which a shape is given up as too fast to matter."""


def read_text_file(shape: str, times: int) -> str:
    return "".join(SHAPES[shape](n) for n in range(times)) + "\n"


def text_of(shape: str, length: int) -> str:
    """Return a text of a shape that has so many characters, or a few more, behind its first piece."""
    pieces = [SHAPES[shape](0)]
    while length > 0:
        pieces.append(SHAPES[shape](len(pieces)))
        length -= len(pieces[-1])
    return "".join(pieces) + "\n"


def cpu_of(text: str, budget: float = 2.0) -> float | None:
    """CPU seconds of one conversion; None when it is given up."""
    from weekahead.markdown.renderer import convert

    convert("")  # the converter is made anew after a refusal, and that is not this text's time
    gc.collect()
    gc.disable()  # as the command does; else a collection of all that lives falls into the longer text alone
    begun = spent()
    faults = convert(text, budget).faults
    gc.enable()
    return None if any(fault.rule == REFUSAL for fault in faults) else spent() - begun


def spent() -> float:
    """CPU seconds of this process. The process clock ticks coarsely under the timer of a budget; this one does not."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def enough(shape: str) -> int:
    """How often to repeat a shape, by doubling, until one text takes long enough, or is refused."""
    times = 16
    while times < MOST and (cost := cpu_of(read_text_file(shape, times))) is not None and cost < LEAST:
        times *= 2
    return times


def doublings(rounds: int) -> Iterator[Doubling]:
    """Every shape, once and twice as long, in each round."""
    times = {shape: enough(shape) for shape in SHAPES}
    for number in range(1, rounds + 1):
        for shape, count in times.items():
            once, twice = cpu_of(read_text_file(shape, count)), cpu_of(read_text_file(shape, 2 * count))
            yield Doubling(round=number, shape=shape, once=once, twice=twice)
