"""Reads a report's page strictly: balanced elements, ids, addresses and numbers."""

import base64
import hashlib
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import parse_qsl

import pandas as pd

VOID = {"meta", "img", "br", "link", "input", "hr"}
SVG_EMPTY = {"line", "rect", "circle", "path"}
POLICY = re.compile(
    r"default-src 'none'; style-src '(?P<style>sha256-[^']+)'; (script-src '(?P<script>sha256-[^']+)'; )?"
    r"img-src data:; base-uri 'none'; form-action 'none'"
)


@dataclass
class Page(HTMLParser):
    """A parsed page; an element that is not closed, or closed out of order, is an error."""

    text: str
    open: list[str] = field(default_factory=list)
    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    numbers: list[tuple[str, str, str]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    rows: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self):
        super().__init__(convert_charrefs=True)
        self._number = None
        self._link = self._row = self._analysis = ""
        self._heads: list[str] = []
        self._cells: list[str] = []
        self.feed(self.text)
        self.close()
        assert not self.open, f"left open: {self.open}"

    def handle_starttag(self, tag, attrs):
        attributes = {name: value or "" for name, value in attrs}
        assert len(attributes) == len(attrs), f"an attribute stands twice in {tag}"
        self.elements.append((tag, attributes))
        if tag not in VOID:
            self.open.append(tag)
        if "data-result" in attributes:
            self._number = (attributes["data-result"], attributes["value"])
            self.links.append((attributes["data-result"], self._link))
        self._start_of_row(tag, attributes)

    def _start_of_row(self, tag, attributes):
        """Keep the rows of the results that the page holds: their cells by column."""
        if tag == "a":
            self._link = attributes.get("href", "")
        elif tag == "details" and "data-analysis" in attributes:
            self._analysis = attributes["data-analysis"]
        elif tag == "thead":
            self._heads = []
        elif tag == "th" and "data-k" in attributes:
            self._heads.append(attributes["data-k"])
        elif tag == "tr":
            row = attributes.get("id", "")
            self._row = row if re.fullmatch(r"r\d+", row) else ""
            self._cells = []
        elif tag == "td" and self._row:
            self._cells.append("")

    def handle_startendtag(self, tag, attrs):
        assert tag in SVG_EMPTY | VOID, tag
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1] == tag, f"</{tag}> closes {self.open[-1]}"
        self.open.pop()
        if tag in ("td", "th"):
            self.words.append(" ")
        if tag == "a":
            self._link = ""
        elif tag == "tr" and self._row:
            about = dict(zip(self._heads, self._cells, strict=True))
            self.rows[self._row] = about | {"analysis": self._analysis}
            self._row = ""

    def handle_data(self, data):
        if "script" in self.open or "style" in self.open:
            return
        self.words.append(data)
        if self._row and self.open[-1] == "td":
            self._cells[-1] += data
        if self._number:
            self.numbers.append((*self._number, data))
            self._number = None

    @property
    def visible(self):
        """The text of the page, white space joined."""
        return " ".join("".join(self.words).split())

    def attributes(self, name):
        """The element and value of every attribute of a name."""
        return [(tag, values[name]) for tag, values in self.elements if name in values]


def assert_self_contained(page):
    """Nothing is fetched, nothing runs but the page's own script, and the policy says so."""
    tags = [tag for tag, _ in page.elements]
    assert not set(tags) & {"iframe", "link", "object", "form"}
    for tag, address in page.attributes("src"):
        assert tag == "img"
        assert address.startswith("data:image/")
    for tag, _ in page.attributes("href"):
        assert tag == "a"
    for _, values in page.elements:
        assert not {name for name in values if name.startswith("on") or name == "style"}
    policy = [v["content"] for _, v in page.elements if v.get("http-equiv")]
    assert len(policy) == 1
    allowed = POLICY.fullmatch(policy[0])
    assert allowed, policy[0]
    style = _inline(page, "style")
    assert allowed["style"] == _digest(style)
    assert "url(" not in style
    assert "@import" not in style
    assert tags.count("script") == (1 if allowed["script"] else 0)
    if allowed["script"]:
        program = _inline(page, "script")
        assert allowed["script"] == _digest(program)
        for forbidden in ("innerHTML", "eval(", "Function(", "fetch(", "XMLHttpRequest", "import("):
            assert forbidden not in program


def _inline(page, tag):
    """The text of the one element of a kind."""
    (text,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page.text, re.DOTALL)
    return text


def _digest(text):
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def assert_accessible(page):
    """Ids are unique and links within the page lead somewhere; figures have text, tables names."""
    ids = [value for _, value in page.attributes("id")]
    assert len(ids) == len(set(ids))
    for _, address in page.attributes("href"):
        if address.startswith("#"):
            assert address[1:] in ids, address
    assert all(values.get("alt") for tag, values in page.elements if tag == "img")
    tags = [tag for tag, _ in page.elements]
    assert tags.count("table") == tags.count("caption")
    assert all(values.get("scope") for tag, values in page.elements if tag == "th")
    assert ("html", "en") in page.attributes("lang")
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def assert_numbers_are_results(page, results):
    """Every number that names a row of the results is that row's, to its last digit, and leads to it.

    The row that it leads to stands on the page as it stands in the table of results.
    """
    rows = rows_by_identity(results)
    assert_rows_are_results(page, results)
    shown = assert_printed_numbers_are_results(page, results)
    for identity, address in page.links:
        if identity.startswith("published/"):
            continue
        assert address == f"#r{rows[key_of(identity)]['number']}", identity
    return shown


def assert_printed_numbers_are_results(page, results):
    """Every number that names a row of the results is that row's, to its last digit."""
    rows = rows_by_identity(results)
    shown = [number for number in page.numbers if not number[0].startswith("published/")]
    assert shown
    for identity, exact, text in shown:
        row = rows[key_of(identity)]
        if not pd.isna(row["TEXT"]):
            assert text == exact == row["TEXT"]
        elif pd.isna(row["VALUE"]):
            assert (exact, text) == ("", "–")
        else:
            assert float(exact) == row["VALUE"]
            # A share without a unit is printed in percent.
            scale = 100 if text.endswith("%") and row["UNIT"] != "%" else 1
            bare = text if pd.isna(row["UNIT"]) else text.removesuffix(f" {row['UNIT']}")
            assert_printed(bare, scale * row["VALUE"])
    return shown


def key_of(identity):
    """Analysis and statistic of an identity, and what it is about."""
    name, _, query = identity.partition("?")
    return name, tuple(sorted(parse_qsl(query, strict_parsing=True) if query else []))


def rows_by_identity(results):
    """The rows of the results by what names them; each has its number in the table."""
    columns = ["GROUP", "REFERENCE", "VARIABLE", "LEVEL", "VISIT"]
    rows = {}
    for number, row in enumerate(results.to_dict("records"), start=1):
        if row["STATISTIC"] == "note":
            continue
        about = {c.lower(): row[c] for c in columns if not pd.isna(row[c])}
        key = (f"{row['ANALYSIS']}/{row['STATISTIC']}", tuple(sorted(about.items())))
        assert key not in rows, key
        rows[key] = row | {"number": number}
    return rows


def assert_rows_are_results(page, results):
    """The page holds every row of the results, cell by cell."""
    expected = {f"r{row['number']}": row for row in rows_by_identity(results).values()}
    assert page.rows.keys() == expected.keys()
    for name, cells in page.rows.items():
        row = expected[name]
        for column, text in cells.items():
            if column == "value":
                continue
            value = row[column.upper()]
            assert text == ("" if pd.isna(value) else value), (name, column)
        if not pd.isna(row["TEXT"]):
            assert cells["value"] == row["TEXT"]
        elif pd.isna(row["VALUE"]):
            assert cells["value"] == "no value"
        else:
            assert float(cells["value"]) == row["VALUE"]


def assert_printed(text, value):
    """The text is the number, rounded to the digits that it shows."""
    bare = text.replace("−", "-").removesuffix(" days")
    if bare.endswith((" lower", " higher")):
        number, _, way = bare.partition(" ")
        bare = f"{'-' if way == 'lower' else ''}{number}"
    bare = bare.removesuffix("%")
    if bare.startswith("<"):
        assert value < float(bare[1:])
    elif "∞" not in bare:
        decimals = len(bare.partition(".")[2])
        assert abs(float(bare) - value) <= 0.5000001 * 10**-decimals
