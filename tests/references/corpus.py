"""300 references of our making as BibTeX, the same on every run: every type, and names, dates and titles of every shape."""

from __future__ import annotations

from random import Random

COUNT = 300

_FAMILIES = [
    "Abara",
    "Aalto",
    "Bergström",
    "Bianchi",
    "Chowdhury",
    "Castellanos",
    "Dubois",
    "Duran",
    "Eriksen",
    "Eze",
    "Fontaine",
    "Fujimoto",
    "García",
    "Gündoğan",
    "Haugen",
    "Hidalgo",
    "Ibrahim",
    "Ivanova",
    "Jankowski",
    "Jäger",
    "Kowalczyk",
    "Kaya",
    "Lindqvist",
    "Larsson",
    "Moreau",
    "Müller",
    "Nakamura",
    "Nowak",
    "Okafor",
    "Ortega",
    "Papadakis",
    "Petrova",
    "Quintana",
    "Rasmussen",
    "Rossi",
    "Sørensen",
    "Santos",
    "Takahashi",
    "Tkachenko",
    "Uchida",
    "Ueda",
    "Vasquez",
    "Virtanen",
    "Weber",
    "Wójcik",
    "Yamada",
    "Yılmaz",
    "Zając",
    "Zimmermann",
    "Østby",
]
_LATEX = {"Müller": 'M{\\"u}ller', "Sørensen": "S{\\o}rensen", "García": "Garc{\\'i}a", "Wójcik": "W\\'{o}jcik", "Jäger": 'J{\\"a}ger',
    "Zając": "Zaj{\\k a}c", "Dubois": "Dubois", "Østby": "{\\O}stby", "Yılmaz": "Y{\\i}lmaz"}  # fmt: skip
_GIVEN = [
    "Amara",
    "Bo",
    "Carla",
    "Daniel",
    "Elena",
    "Femi",
    "Greta",
    "Hana",
    "Ismael",
    "Jun",
    "Katya",
    "Lars",
    "Mei-Lin",
    "Nuria",
    "Oskar",
    "Priya",
    "Quentin",
    "Rosa",
    "Sven",
    "Tomás",
    "Ursula",
    "Vera",
    "Wei",
    "Xenia",
    "Yusuf",
    "Zoë",
    "Jean-Luc",
    "Mary~Ann",
    "J.~R.",
    "K.",
]
_PARTICLES = ["van der", "von", "de la", "de", "van", "di"]
_CORPORATE = [
    "{National Institute of Standards and Technology}", "{World Health Organization}", "{Data \\& Society}",
    "{OpenStreetMap contributors}", "{The Turing Way Community}",
]  # fmt: skip
_SUBJECTS = [
    "Pipelines",
    "Registers",
    "Gardens",
    "Ledgers",
    "Harbours",
    "Letters",
    "Schedules",
    "Archives",
    "Bridges",
    "Weather",
    "Newsletters",
    "Models",
    "Tables",
    "Queues",
    "Maps",
    "Signals",
    "Rivers",
    "Compilers",
    "Ferries",
    "Orchards",
]
_HEADS = [
    "The Slow Growth of {}", "Towards Better {} in the Field", "What Are {}?", "On {}, and How They Fail", "{} at Scale: A Case Study",
    "A Short History of {{NASA}} {}", "Measuring {} with {{Bayesian}} Methods", "{} Considered Harmful!", "Notes on iOS {} and {{GitHub}}",
    "{} \\& Other Stories", "Why \\emph{{{}}} Matter", "An {{MLOps}} Handbook for {}", "``Good'' {} Are Rare", "{} -- A Survey",
    "The 1984 {} of {{New York}}", "Is 3 < 4 in {}?",
]  # fmt: skip
_JOURNALS = [
    "Journal of Applied Letters",
    "Applied Sciences",
    "Annals of Slow Data",
    "Computing \\& Society",
    "The Gardener's Review",
]
_PUBLISHERS = ["Harbour Press", "Apress", "North \\& Sons", "University of Bergen Press", "{MIT} Press"]
_CITIES = ["Bergen", "Berkeley, CA", "London", "S\\~ao Paulo"]
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

_TYPES = [
    "article", "article", "article", "book", "book", "inproceedings", "inproceedings", "incollection", "inbook", "phdthesis",
    "mastersthesis", "techreport", "misc", "online", "manual", "proceedings", "unpublished", "booklet", "collection", "thesis",
    "report", "software", "dataset", "patent", "arxiv",
]  # fmt: skip


def corpus() -> str:
    """Return the corpus as one BibTeX file."""
    random = Random(20221)
    return "\n".join(_entry(random, number) for number in range(COUNT))


def keys() -> list[str]:
    """Return the keys of the corpus in the order of the file."""
    return [f"e{number:03}" for number in range(COUNT)]


def _entry(random: Random, number: int) -> str:
    kind = _TYPES[number % len(_TYPES)]
    fields: dict[str, str] = {}
    if kind not in ("proceedings", "collection") and random.random() > 0.06:
        fields["author"] = _people(random)
    if random.random() > 0.02:
        fields["title"] = f"{{{_title(random)}}}"
    _date(random, fields, number)
    _ADD.get(kind, _nothing)(random, fields)
    _numbers(random, fields)
    name = {"arxiv": "misc"}.get(kind, kind)
    lines = "".join(f"  {key} = {value},\n" for key, value in fields.items())
    return f"@{name}{{e{number:03},\n{lines}}}\n"


def _nothing(random: Random, fields: dict[str, str]) -> None:
    """Add nothing."""


def _title(random: Random) -> str:
    return random.choice(_HEADS).format(random.choice(_SUBJECTS))


def _person(random: Random) -> str:
    family = random.choice(_FAMILIES)
    family = _LATEX.get(family, family) if random.random() < 0.5 else family
    given = random.choice(_GIVEN) + (f" {random.choice('ABCDEFGH')}." if random.random() < 0.4 else "")
    shape = random.random()
    if shape < 0.12:
        return f"{random.choice(_PARTICLES)} {family}, {given}"
    if shape < 0.17:
        return f"{family}, Jr., {given}"
    if shape < 0.45:
        return f"{given.replace('~', ' ')} {family}"
    return f"{family}, {given}"


def _people(random: Random) -> str:
    if random.random() < 0.1:
        return f"{{{random.choice(_CORPORATE)}}}"
    count = random.choice([1, 1, 1, 2, 2, 3, 3, 4, 6, 8, 22])
    names = [_person(random) for _ in range(count)]
    return "{" + " and ".join(names) + (" and others" if count > 2 and random.random() < 0.1 else "") + "}"


def _date(random: Random, fields: dict[str, str], number: int) -> None:
    year, month, day = 1950 + number % 75, random.randrange(12), random.randrange(1, 29)
    shape = random.randrange(9)
    if shape == 0:
        fields["year"], fields["month"] = str(year), _MONTHS[month]
    elif shape == 1:
        fields["date"] = f"{{{year}-{month + 1:02}-{day:02}}}"
    elif shape == 2:
        fields["date"] = f"{{{year}-{month + 1:02}}}"
    elif shape == 3:
        fields["year"], fields["month"] = f"{{{year}}}", f"{{{month + 1}}}"
    elif shape != 4 or number % 5:
        fields["year"] = f"{{{year}}}"


def _article(random: Random, fields: dict[str, str]) -> None:
    fields["journal"] = f"{{{random.choice(_JOURNALS)}}}"
    if random.random() < 0.9:
        fields["volume"] = f"{{{random.randrange(1, 60)}}}"
    if random.random() < 0.7:
        fields["number"] = f"{{{random.randrange(1, 13)}}}"
    _pages(random, fields)


def _pages(random: Random, fields: dict[str, str]) -> None:
    first = random.randrange(1, 900)
    fields["pages"] = random.choice(
        [f"{{{first}--{first + 14}}}", f"{{{first}-{first + 9}}}", f"{{{first}}}", f"{{e{first}}}"]
    )


def _book(random: Random, fields: dict[str, str]) -> None:
    fields["publisher"] = f"{{{random.choice(_PUBLISHERS)}}}"
    if random.random() < 0.5:
        fields["address"] = f"{{{random.choice(_CITIES)}}}"
    if random.random() < 0.3:
        fields["edition"] = random.choice(["{2}", "{Second}", "{3rd}"])
    if random.random() < 0.2:
        fields["translator"] = f"{{{_person(random)}}}"
    if random.random() < 0.2:
        fields["volume"] = f"{{{random.randrange(1, 5)}}}"
    if random.random() < 0.2:
        fields["series"] = "{Letters in Practice}"


def _part(random: Random, fields: dict[str, str]) -> None:
    fields["booktitle"] = f"{{{_title(random)}}}"
    _book(random, fields)
    fields.pop("translator", None)
    if random.random() < 0.7:
        fields["editor"] = "{" + " and ".join(_person(random) for _ in range(random.choice([1, 2, 3]))) + "}"
    if random.random() < 0.8:
        _pages(random, fields)


def _edited(random: Random, fields: dict[str, str]) -> None:
    fields["editor"] = "{" + " and ".join(_person(random) for _ in range(random.choice([1, 2, 4]))) + "}"
    _book(random, fields)
    fields.pop("translator", None)


def _thesis(random: Random, fields: dict[str, str]) -> None:
    fields["school"] = "{University of Bergen}"
    if "type" not in fields and random.random() < 0.2:
        fields["type"] = "{Doctoral dissertation}"


def _report(random: Random, fields: dict[str, str]) -> None:
    fields["institution"] = random.choice(["{National Weather Board}", "{IEEE}"])
    fields["number"] = f"{{TR-{random.randrange(10, 99)}}}"


def _web(random: Random, fields: dict[str, str]) -> None:
    fields["url"] = f"{{https://example.org/page_{random.randrange(1, 99)}?a=1&b=2}}"
    if random.random() < 0.5:
        fields["urldate"] = f"{{2021-09-{random.randrange(1, 29):02}}}"


def _arxiv(random: Random, fields: dict[str, str]) -> None:
    fields["eprint"] = f"{{21{random.randrange(1, 13):02}.0{random.randrange(1000, 9999)}}}"
    fields["archiveprefix"] = "{arXiv}"
    fields["primaryclass"] = "{cs.LG}"


def _maker(random: Random, fields: dict[str, str]) -> None:
    fields["publisher"] = "{Zenodo}"
    fields["version"] = random.choice(["{2.1}", "{0.9}"])
    _web(random, fields)


def _patent(random: Random, fields: dict[str, str]) -> None:
    fields["number"] = f"{{US{random.randrange(1000000, 9999999)}}}"


def _numbers(random: Random, fields: dict[str, str]) -> None:
    if random.random() < 0.3:
        fields["doi"] = f"{{10.{random.randrange(1000, 9999)}/letter.{random.randrange(1, 999)}}}"
    if random.random() < 0.15 and "publisher" in fields:
        fields["isbn"] = "{978-0-306-40615-7}"
    if random.random() < 0.1 and "url" not in fields:
        fields["url"] = "{https://example.org/a}"
    if random.random() < 0.05:
        fields["note"] = "{Never read}"


_ADD = {
    "article": _article, "book": _book, "inproceedings": _part, "incollection": _part, "inbook": _part, "phdthesis": _thesis,
    "mastersthesis": _thesis, "thesis": _thesis, "techreport": _report, "report": _report, "online": _web, "misc": _web,
    "manual": _book, "proceedings": _edited, "collection": _edited, "software": _maker, "dataset": _maker, "patent": _patent,
    "arxiv": _arxiv, "booklet": _nothing, "unpublished": _nothing,
}  # fmt: skip

AMBIGUOUS = r"""
@article{s1, author={Smith, John}, title={One}, year=2020, journal={J}}
@article{s2, author={Smith, John}, title={Two}, year=2020, journal={J}}
@article{s3, author={Smith, Jane}, title={Three}, year=2020, journal={J}}
@article{s4, author={Smith, John}, title={Four}, year=2019, journal={J}}
@article{s5, author={Smith, Adam}, title={Five}, year=2020, journal={J}}
@article{m1, author={Ng, A. and Bo, B. and Cy, C.}, title={One}, year=2021, journal={J}}
@article{m2, author={Ng, A. and Bo, B. and Dy, D.}, title={Two}, year=2021, journal={J}}
@article{m3, author={Ng, A. and Ox, B. and Dy, D.}, title={Two}, year=2021, journal={J}}
@book{n1, author={Ng, A.}, title={Zebra}, publisher={P}}
@book{n2, author={Ng, A.}, title={Apple}, publisher={P}}
@book{f1, author={Ng, A.}, title={Soon}, publisher={P}, year={forthcoming}}
@misc{u1, title={Same}, year=2020}
@misc{u2, title={Same}, year=2020}
@book{p1, author={{van Gogh}, Vincent and de Gaulle, Charles}, title={Prose}, publisher={P}, date={1990/1992}}
@book{p2, author={{Barnes \& Noble}}, title={What?}, publisher={P}, year={1999}, edition={2}}
"""
GROUPS = (
    ("[@s1]", "[@s2]", "[@s3]", "[@s4]", "[@s1; @s4]", "[@s4; @s1; @s3; @s2]"),
    ("[@s1]", "[@s5]"),
    ("[@m1]", "[@m2]", "[@m3]", "[@m1; @m2]"),
    ("[@m1]", "[@m2]"),
    ("[@n1]", "[@n2]", "[@f1]", "[@n1; @n2; @f1]"),
    ("[@u1]", "[@u2]", "[@s1; @u2]"),
    ("[@p1, p. 5]", "[@p1, pp. 5-7]", "[@p2, chap. 3]", "[-@p2]", "[-@p2, p. 4]", "[see @p1, p. 3; also @p2]", "[@p2, and passim]"),
)  # fmt: skip
"""Texts of several citations: ambiguous names, groups, locators, words around them, without their authors."""
