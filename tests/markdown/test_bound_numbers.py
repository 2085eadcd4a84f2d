"""Numbers bound to the cells of a table: what is right by the way it is written, what is stale, what leads nowhere."""

from __future__ import annotations

import re

import pytest

from weekahead.markdown.kinds.kind import File
from weekahead.markdown.options import TextOptions
from weekahead.markdown.renderer import RenderedText, convert, place

STARS_2021 = """\
Project,Stars,Contributors,Branches
TensorFlow,"154,162","2,933",102
PyTorch,"47,046","1,785","4,620"
scikit-learn,"43,980","1,936",20
"""
STARS_2022 = """\
Project,Stars,Contributors,Branches
TensorFlow,"168,162","3,111",98
PyTorch,"60,401","2,431","5,210"
scikit-learn,"51,004","2,398",21
"""
SEED = (
    "TensorFlow has by far the largest influence at [154,162](stars.csv#TensorFlow/Stars) stars. It has"
    " [2,933](stars.csv#TensorFlow/Contributors) contributors that means that almost [3,000](stars.csv#TensorFlow/Contributors) people"
    " are contributing to TensorFlow. It's going from around [154k](stars.csv#TensorFlow/Stars) stars to just"
    " [47k](stars.csv#PyTorch/Stars) stars. Now, you're down to around [1,785](stars.csv#PyTorch/Contributors). They do have"
    " [4,620](stars.csv#PyTorch/Branches) branches. You can see that scikit-learn has roughly"
    " [44,000](stars.csv#scikit-learn/Stars) stars and has [1,936](stars.csv#scikit-learn/Contributors) contributors.\n\n"
    "Remember TensorFlow had [154,162](stars.csv#TensorFlow/Stars) stars."
)
"""The ten figures of the seed letter, as it writes them."""


def convert_with(text: str, table: str, language: str = "en", name: str = "stars.csv") -> RenderedText:
    files = {name: File(f"issues/0001/{name}", table.encode())}
    return convert(text, files=files, options=TextOptions(language))


def rules(text: str, table: str, language: str = "en") -> list[str]:
    return [fault.rule for fault in convert_with(text, table, language).faults]


def test_the_ten_figures_of_the_seed_are_right_with_the_table_that_it_shows() -> None:
    made = convert_with(SEED, STARS_2021)
    assert made.faults == ()
    html = place(made, {})
    assert html.count("<data ") == 10
    assert 'almost <data value="2933">3,000</data> people' in html
    assert "<a " not in html
    assert not made.links


def test_with_the_table_of_a_year_later_exactly_the_stale_ones_are_named() -> None:
    faults = convert_with(SEED, STARS_2022).faults
    assert [(fault.line, fault.message) for fault in faults] == [
        (1, 'the text says "154,162"; stars.csv says 168,162'),
        (1, 'the text says "2,933"; stars.csv says 3,111'),
        (1, 'the text says "almost 3,000"; stars.csv says 3,111'),
        (1, 'the text says "around 154k"; stars.csv says 168,162'),
        (1, 'the text says "47k"; stars.csv says 60,401'),
        (1, 'the text says "around 1,785"; stars.csv says 2,431'),
        (1, 'the text says "4,620"; stars.csv says 5,210'),
        (1, 'the text says "roughly 44,000"; stars.csv says 51,004'),
        (1, 'the text says "1,936"; stars.csv says 2,398'),
        (3, 'the text says "154,162"; stars.csv says 168,162'),
    ]
    half = STARS_2021.replace('"154,162"', '"154,480"').replace('"47,046"', '"47,499"')
    assert [fault.message for fault in convert_with(SEED, half).faults] == [
        'the text says "154,162"; stars.csv says 154,480',
        'the text says "154,162"; stars.csv says 154,480',
    ]
    assert faults[2].hint.endswith(
        "“It has 2,933 contributors that means that almost 3,000 people are contributing to TensorFlow.”"
    )


@pytest.mark.parametrize(
    ("sentence", "right", "stale"),
    [
        ("[154k](#)", "153,500 154,499", "153,499 154,501 155k"),
        ("[1.5 million](#)", "1,450,000 1,549,999", "1,440,000 1,600,000"),
        ("[1.5](#) million", "1,500,000", "1.5 1,600,000"),
        ("[$1.2bn](#)", "1,200,000,000 $1,240,000,000", "1,260,000,000"),
        ("nearly [3,000](#)", "2,999 2,850", "3,000 2,849 3,001"),
        ("[almost 3,000](#)", "2,933", "3,111"),
        ("about [44,000](#)", "43,500 44,499", "43,499 44,501"),
        ("[44,000](#)", "44,000", "43,999 44,001"),
        ("around [40](#)", "35 44", "34 46"),
        ("around [12](#)", "12", "11 13"),
        ("more than [100](#)", "101 500", "100 99"),
        ("over [100](#)", "101", "100"),
        ("at least [100](#)", "100 101", "99"),
        ("less than [500](#)", "499 20", "500"),
        ("[10,000](#) or less", "10,000 9", "10,001"),
        ("up to [5](#)", "5 1", "6"),
        ("[47.5](#)", "47.46 47.54 47.5", "47.4 48"),
        ("[4](#)", "4.4 3.6", "4.6 5"),
        ("[47%](#)", "47% 46.6% 0.47 47", "48% 0.48"),
        ("[47](#) percent", "47.4%", "47.6%"),
        ("[-5](#)", "-5 −5", "5 -6"),
        ("[−5.2](#)", "-5.2 -5.24", "-5.3 5.2"),
        ("a loss of [$12](#)", "12 $12", "13"),
        ("[minus 5](#)", "-5 −5", "5"),
        ("[150,000](#)", "1.5e5 1.5E+05", "1.5e4"),
        ("[15 lakh](#)", "1,500,000", "1,600,000"),
    ],
)
def test_the_way_a_number_is_written_says_what_the_cell_may_be(sentence: str, right: str, stale: str) -> None:
    text = sentence.replace("(#)", "(t.csv#A/N)")
    for cells, wanted in ((right, []), (stale, ["number-stale"])):
        for cell in cells.split():
            faults = convert_with(text, f'R,N\nA,"{cell}"\n', name="t.csv").faults
            assert [fault.rule for fault in faults] == wanted, cell


@pytest.mark.parametrize(
    ("language", "sentence", "right", "stale"),
    [
        ("de", "[154.162](#)", "154,162 154.162", "154,163 154162,6"),
        ("de", "fast [3.000](#)", "2,933", "3,000"),
        ("de", "rund [44.000](#)", "44,100", "44,600"),
        ("de", "[1,5 Millionen](#)", "1,500,000", "1,600,000"),
        ("de", "[3,9](#)", "3,9 3.9", "4.0"),
        ("de-CH", "[154’162](#)", "154,162", "154,163"),
        ("fr", "presque [3 000](#)", "2,933", "3,111"),
        ("fr", "[154\u202f162](#)", "154,162", "154,163"),
        ("es", "más de [1.785](#)", "1,786", "1,785"),
        ("fa", "[۱۵۴٬۱۶۲](#)", "154,162", "154,163"),
        ("hi", "[1,54,162](#)", "154,162", "154,163"),
        ("ja", "約[15万](#)", "150,000 154,162", "165,000"),
    ],
)
def test_numbers_are_read_as_their_language_writes_them(language: str, sentence: str, right: str, stale: str) -> None:
    text = sentence.replace("(#)", "(t.csv#A/N)")
    for cells, wanted in ((right, []), (stale, ["number-stale"])):
        for cell in cells.split():
            faults = convert_with(text, f'R,N\nA,"{cell}"\n', language, "t.csv").faults
            assert [fault.rule for fault in faults] == wanted, cell


TABLE = 'Name,Stars,Stars/day,Share: all\nTensorFlow,"154,162",12,31%\nPyTorch,"47,046",8,9%\nCI/CD,5,1,1%\na:b,7,1,1%\n100% me (x),9,1,1%\n'


@pytest.mark.parametrize(
    ("sentence", "value"),
    [
        ("[3.3](t.csv#TensorFlow/Stars:PyTorch/Stars) times", "3.276835"),
        ("[3.3x](<t.csv#TensorFlow/Stars : PyTorch/Stars>)", "3.276835"),
        ("[31%](t.csv#PyTorch/Stars%20:%20TensorFlow/Stars)", "30.5"),
        ("[228](t.csv#TensorFlow/Stars:PyTorch/Stars) % more", "227.68"),
        ("[5](t.csv#CI/CD/Stars)", "5"),
        ("[5](t.csv#CI%2FCD/Stars)", "5"),
        ("[12](t.csv#TensorFlow/Stars/day)", "12"),
        ("[7](t.csv#a:b/Stars)", "7"),
        ("[22,023](t.csv#TensorFlow/Stars:a:b/Stars)", "22023"),
        ("[31%](<t.csv#TensorFlow/Share: all>)", "31"),
        ("[9](<t.csv#100% me (x)/Stars>)", "9"),
        ("[9](t.csv#100%25%20me%20%28x%29/Stars)", "9"),
        ("[*5*][five]\n\n[five]: t.csv#CI/CD/Stars", "5"),
        ("**[5](t.csv#CI/CD/Stars 'title')**", "5"),
    ],
)
def test_names_and_pairs_of_cells(sentence: str, value: str) -> None:
    made = convert_with(sentence, TABLE, name="t.csv")
    assert made.faults == ()
    found = re.search(r'<data value="([^"]+)">', place(made, {}))
    assert found
    assert found[1].startswith(value)


@pytest.mark.parametrize(
    ("fragment", "table", "value"),
    [
        ("é/N", "R,N\ne\u0301,5\n", "5"),
        ("e\u0301/N", "R,N\né,5\n", "5"),
        ("A/N", "R,N\nA," + "9" * 39 + "\n", "9" * 39),
    ],
)
def test_letters_are_the_same_however_they_are_composed_and_long_numbers_whole(
    fragment: str, table: str, value: str
) -> None:
    made = convert_with(f"[5](t.csv#{fragment})", table, name="t.csv")
    assert f'<data value="{value}">' in place(made, {})


def test_points_part_thousands_in_german_also_beside_decimals_and_a_message_says_how_a_cell_is_read() -> None:
    assert convert_with("[154.162](t.csv#A/N)", 'R,N\nA,154.162\nB,"2.000,5"\n', "de", "t.csv").faults == ()
    (fault,) = convert_with("[154.162](t.csv#A/N)", "R,N\nA,154.162\nB,2.5\n", "de", "t.csv").faults
    assert fault.message == 'the text says "154.162"; t.csv says 154.162, read as 154.162'


@pytest.mark.parametrize(
    ("fragment", "message", "hint"),
    [
        ("TensorFlo/Stars", 't.csv has no row "TensorFlo"', 'Did you mean "TensorFlow"?'),
        ("TensorFlow/Star", 't.csv has no column "Star"', 'Did you mean "Stars"?'),
        ("TensorFlow/Stars:PyTorch/Star", 't.csv has no column "Star"', 'Did you mean "Stars"?'),
    ],
)
def test_a_cell_that_is_not_there_is_named_with_the_nearest(fragment: str, message: str, hint: str) -> None:
    faults = convert_with(f"One\ntwo [154,162](t.csv#{fragment})", TABLE, name="t.csv").faults
    assert [(fault.rule, fault.line, fault.message, fault.hint) for fault in faults] == [
        ("number-cell", 2, message, hint)
    ]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("R,N\nA,n/a\n", 'A/N in t.csv is no number: "n/a"'),
        ("R,N,N\nA,1,2\n", 't.csv has two columns "N"'),
        ("R,N\nA,1\nA,1\nB,3\n", 't.csv has 2 rows "A"'),
        (
            "R,N\nA\n",
            '"t.csv" cannot be read as a table: this row has 1 cells, but the first line has 2 columns (line 2)',
        ),
    ],
)
def test_a_table_without_such_a_number_is_a_finding(table: str, message: str) -> None:
    faults = convert_with("[1](t.csv#A/N)", table, name="t.csv").faults
    assert [(fault.rule, fault.message) for fault in faults] == [("number-cell", message)]


def test_a_name_that_two_rows_have_is_in_the_way_of_no_other() -> None:
    table = "Year,Country,Visitors\n2021,Norway,10\n2021,Chad,11\n2022,Norway,712\n"
    assert rules("[712](stars.csv#2022/Visitors)", table) == []
    assert rules("[713](stars.csv#2022/Visitors)", table) == ["number-stale"]
    assert rules("[11](stars.csv#2021/Visitors)", table) == ["number-cell"]


def test_nothing_is_divided_by_zero() -> None:
    assert rules("[2](stars.csv#A/N:B/N) times", "R,N\nA,1\nB,0\n") == ["number-cell"]


@pytest.mark.parametrize(
    "link",
    [
        "[the data](stars.csv)",
        "[the data](stars.csv#TensorFlow/Stars)",
        "[154,162](stars.csv)",
        "[154,162](stars.csv#top)",
        "[154,162](stars.csv#row=5)",
        "[154,162](other.csv#TensorFlow/Stars)",
        "[154,162](https://x.example/stars.csv#TensorFlow/Stars)",
        "[1 of 2](stars.csv#TensorFlow/Stars)",
        "[v2](stars.csv#TensorFlow/Stars)",
    ],
)
def test_other_links_stay_links(link: str) -> None:
    made = convert_with(link, STARS_2022)
    assert made.faults == ()
    assert "<data" not in place(made, {})
    assert len(made.links) == 1


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_may_part_its_cells_as_tables_do(separator: str) -> None:
    table = f"\ufeffR{separator}N\r\nA{separator}154162\r\n"
    assert rules("[154,162](stars.csv#A/N)", table) == []
    assert rules("[154,163](stars.csv#A/N)", table) == ["number-stale"]
