"""Formulas in texts, and TeX as MathML."""

from __future__ import annotations

import time
import xml.etree.ElementTree as xml
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weekahead.markdown.maths import LONGEST, FormulaFinder, MathsError, to_mathml


def found(text: str) -> tuple[str, bool, str] | None:
    """The TeX of the formula at the beginning of a text, whether it is displayed, and what follows it."""
    formula = FormulaFinder(text).at(0)
    return (formula.tex, formula.display, text[formula.end :]) if formula else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$a+b$.", ("a+b", False, ".")),
        ("$a$$b$", ("a", False, "$b$")),
        (r"$a\$b$", (r"a\$b", False, "")),
        (r"$\\$", (r"\\", False, "")),
        ("$a\nb$", ("a\nb", False, "")),
        ("$x$5", None),
        ("$5 and $6", None),
        ("$5 and 6$ now", ("5 and 6", False, " now")),
        ("$ x$", None),
        ("$x $", None),
        ("$x", None),
        ("$x\\$", None),
        ("$a\n \nb$", None),
        ("$$x$$ y", ("x", True, " y")),
        ("$$\n\\frac{1}{2}\n$$", (r"\frac{1}{2}", True, "")),
        ("$$a\n\nb$$", None),
        ("$$$$", None),
        ("$$ $$", None),
        (r"\(x\) y", ("x", False, " y")),
        (r"\(a\\) b\)", (r"a\\) b", False, "")),
        (r"\[a \\[2pt] b\] y", (r"a \\[2pt] b", True, " y")),
        (r"\(x", None),
        (r"\{x\}", None),
        ("x$y$", None),
    ],
)
def test_where_a_formula_begins_and_ends(text: str, expected: tuple[str, bool, str] | None) -> None:
    assert found(text) == expected


@given(st.text(alphabet="$\\()[] a1\n"))
def test_a_formula_lies_between_its_marks(text: str) -> None:
    finder = FormulaFinder(text)
    for start in range(len(text)):
        if formula := finder.at(start):
            whole = text[start : formula.end]
            assert whole.startswith(("$", r"\(", r"\["))
            assert formula.tex in whole[1:-1]
            assert "\n\n" not in whole


@pytest.mark.parametrize("shape", ["$", "$ ", "$a ", "$$", r"\(", "\\(a\n\n", "$\n\n", "\\", "\n "])
def test_marks_without_a_partner_take_linear_time(shape: str) -> None:
    text = shape * (100_000 // len(shape)) + r"\)\]"
    begin = time.process_time()
    finder, position = FormulaFinder(text), 0
    while position < len(text):
        formula = finder.at(position)
        position = formula.end if formula else position + 1
    assert time.process_time() - begin < 1


# -- MathML

FORMULAS = r"""
a^2 + b^2 = c^2
\frac{1}{2} \dfrac{a}{b} \tfrac12 \binom{n}{k}
\sum_{i=1}^{n} i = \frac{n(n+1)}{2}
\sum_{\substack{i < n \\ j < m}} a_{ij}
\int_0^\infty e^{-x^2}\,dx = \frac{\sqrt{\pi}}{2}
\prod_{k=1}^n k \quad \sqrt[3]{x} \qquad \oint \iint
\begin{pmatrix} a & b \\ c & d \end{pmatrix}
\begin{bmatrix} 1 & 0 \\[2pt] 0 & 1 \end{bmatrix}
\begin{vmatrix} a \end{vmatrix} \begin{smallmatrix} a & b \end{smallmatrix}
f(x) = \begin{cases} 1 & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}
\begin{align} a &= b + c \label{sum} \\ d &= e \end{align}
\begin{aligned} a &= b \\ &= c \end{aligned}
\begin{split} a &= b \\ &= c \end{split}
\begin{gather*} a \\ b \end{gather*}
\begin{array}{c|c} a & b \\ \hline c & d \end{array}
\begin{equation} E = mc^2 \tag{1} \end{equation}
\text{rate} = 5\% \quad \mbox{of } \$5
x \in \mathbb{R}^n, \mathcal{L}, \mathbf{w}^T, \mathrm{d}x, \mathfrak{g}, \boldsymbol{\beta}
\hat{y}, \bar{x}, \tilde{x}, \vec{v}, \dot{x}, \ddot{x}, \widehat{abc}, \widetilde{abc}
\left( \frac{a}{b} \right) \left[ x \right] \left\{ y \right\} \left. z \right|_{x=0}
f'(x) + f''(x) + f^\prime
\alpha \beta \gamma \Delta \Omega \varepsilon \varphi
\sin x + \log_2 n + \lim_{x \to 0} + \max_\theta + \argmin_x + \operatorname{softmax}(x)_i
a \le b \ge c \ne d \approx e \equiv f \ll g \propto h
A \cup B \cap C \subset D \subseteq E \setminus F = \emptyset
\forall x \exists y : x < y \land \lnot p \implies q \iff r
\nabla \cdot \vec{E} = \frac{\rho}{\epsilon_0}, \partial_t u
x_{i,j}^{(k)}, {}_2F_1, {}^{14}\mathrm{C}
\underbrace{a+b}_{n} \overbrace{c}^{m} \overline{AB}
\lfloor x \rfloor \lceil y \rceil \langle \psi | \phi \rangle \| x \|_2
a \bmod n \pmod{p} \mapsto \to \Rightarrow \xrightarrow{f}
\cdots \ldots \vdots \ddots \dotsc \infty \pm \times \cdot
1{,}000{,}000
\textcolor{blue}{x} \boxed{y}
P(A \mid B) = \frac{P(B \mid A)\,P(A)}{P(B)}
\stackrel{def}{=} \overset{!}{=} \underset{x}{\min} \not\in
{n \choose k} {a \over b}
é + ü = 中 % a comment
\operatorname<
"""


@pytest.mark.parametrize("tex", FORMULAS.strip().split("\n"))
@pytest.mark.parametrize("display", [False, True])
def test_a_formula_is_mathml_with_its_tex_beside(tex: str, display: bool) -> None:
    math = xml.fromstring(to_mathml(tex, display))
    assert (math.tag, math.get("display")) == ("math", "block" if display else None)
    presentation, annotation = next(iter(math))
    assert (annotation.get("encoding"), annotation.text) == ("application/x-tex", tex)
    assert "".join(presentation.itertext()).strip()
    assert "id" not in {name for element in math.iter() for name in element.keys()}  # noqa: SIM118


def test_what_mathml_says() -> None:
    assert to_mathml(r"\frac{a}{2}", False) == (
        "<math><semantics><mfrac><mi>a</mi><mn>2</mn></mfrac>"
        r'<annotation encoding="application/x-tex">\frac{a}{2}</annotation></semantics></math>'
    )


def test_a_long_formula_is_not_a_deep_one() -> None:
    to_mathml(r"\,".join("x" * 500), False)
    to_mathml(r"\begin{aligned} " + r"\alpha &= \beta \\ " * 300 + r"\end{aligned}", True)


def test_equations_have_no_numbers_which_would_begin_anew_in_each_formula() -> None:
    assert "(1)" not in to_mathml(r"\begin{align} a &= b \\ c &= d \end{align}", True)
    assert "(7)" in to_mathml(r"\begin{align} a &= b \tag{7} \end{align}", True)


@pytest.mark.parametrize(
    ("tex", "message", "line"),
    [
        (r"\ce{H2O}", 'unknown command "\\ce"', 0),
        ("é =\n\\nosuch", 'unknown command "\\nosuch"', 1),
        (r"\begin{x} a \end{x}", 'unknown environment "x"', 0),
        (r"\frac{1}", "expected argument but reached end of input", 0),
        ("a\n}", 'unmatched closing token: "}"', 1),
        ("{", 'expected closing token "}", but reached end of input', 0),
        (r"\left( x", 'expected closing token "\\right", but reached end of input', 0),
        ("x^2^3", "duplicate subscript or superscript", 0),
        (r"\href{javascript:alert(1)}{x}", 'unknown command "\\href"', 0),
        ("\n\\newcommand{\\a}{b}", 'the command "\\newcommand" cannot be used here', 1),
        (r"\eqref{a}", 'the command "\\eqref" cannot be used here', 0),
        ("x" * (LONGEST + 1), "it has more than 10,000 characters", 0),
        ("{" * 1000, "its commands are nested too deep", 0),
        ("x^{" * 150 + "x" + "}" * 150, "it is nested too deep", 0),
    ],
)
def test_what_cannot_be_read_is_said_plainly(tex: str, message: str, line: int) -> None:
    with pytest.raises(MathsError) as error:
        to_mathml(tex, True)
    assert (str(error.value), error.value.line) == (message, line)


@pytest.mark.parametrize(
    "shape",
    [
        "{", "x^{", r"\frac{", r"\sqrt ", r"\hat ", r"\left(", r"\begin{matrix}", r"\color{red}", r"\color{red}\\", "{%}\n",
        r"\begin{equation}\color{red}\\", r"\text{", r"\substack{", r"\displaystyle ", r"\overset", r"\sqrt[", "'", "&", "\\",
    ],
)  # fmt: skip
def test_no_formula_ends_the_process_or_takes_long(shape: str) -> None:
    begin = time.process_time()
    for length in (150, 1000, LONGEST, 100_000):
        with suppress(MathsError):
            to_mathml(shape * (length // len(shape)), True)
    assert time.process_time() - begin < 1


@given(st.lists(st.sampled_from([*r"{}[]()^_&%$#'<>|ab1 é", *FORMULAS.split()]), max_size=12))
def test_any_tex_is_sound_mathml_or_a_plain_error(words: list[str]) -> None:
    with suppress(MathsError):
        assert xml.fromstring(to_mathml(" ".join(words), False)).tag == "math"
