"""Reads a report's page strictly: balanced elements, ids, addresses and numbers."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import parse_qsl

import pandas as pd

VOID = {"meta", "img", "br", "link", "input", "hr"}
SVG_EMPTY = {"line", "rect", "circle", "path"}


@dataclass
class Page(HTMLParser):
    """A parsed page; an element that is not closed, or closed out of order, is an error."""

    text: str
    open: list[str] = field(default_factory=list)
    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    numbers: list[tuple[str, str, str]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def __post_init__(self):
        super().__init__(convert_charrefs=True)
        self._number = None
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

    def handle_startendtag(self, tag, attrs):
        assert tag in SVG_EMPTY | VOID, tag
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1] == tag, f"</{tag}> closes {self.open[-1]}"
        self.open.pop()

    def handle_data(self, data):
        self.words.append(data)
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
    """Nothing is fetched, nothing runs, and the policy says so."""
    assert not {tag for tag, _ in page.elements} & {"script", "iframe", "link", "object", "form"}
    for tag, address in page.attributes("src"):
        assert tag == "img"
        assert address.startswith("data:image/")
    for tag, _ in page.attributes("href"):
        assert tag == "a"
    for _, values in page.elements:
        assert not {name for name in values if name.startswith("on") or name == "style"}
    policy = [v["content"] for _, v in page.elements if v.get("http-equiv")]
    assert len(policy) == 1
    assert policy[0].startswith("default-src 'none'; style-src 'sha256-")
    style = page.text[page.text.index("<style>") : page.text.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style


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
    levels = [int(tag[1]) for tag in tags if tag in ("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def assert_numbers_are_results(page, results):
    """Every number that names a row of the results is that row's, to its last digit."""
    columns = ["GROUP", "REFERENCE", "VARIABLE", "LEVEL", "VISIT"]
    rows = {}
    for row in results[results["STATISTIC"] != "note"].to_dict("records"):
        about = {c.lower(): row[c] for c in columns if not pd.isna(row[c])}
        key = (f"{row['ANALYSIS']}/{row['STATISTIC']}", tuple(sorted(about.items())))
        assert key not in rows, key
        rows[key] = row
    shown = [number for number in page.numbers if not number[0].startswith("published/")]
    assert shown
    for identity, exact, text in shown:
        name, _, query = identity.partition("?")
        row = rows[name, tuple(sorted(parse_qsl(query, strict_parsing=True) if query else []))]
        if not pd.isna(row["TEXT"]):
            assert text == exact == row["TEXT"]
        elif pd.isna(row["VALUE"]):
            assert (exact, text) == ("", "–")
        else:
            assert float(exact) == row["VALUE"]
            # A share without a unit is printed in percent.
            scale = 100 if text.endswith("%") and row["UNIT"] != "%" else 1
            assert_printed(text, scale * row["VALUE"])
    return shown


def assert_printed(text, value):
    """The text is the number, rounded to the digits that it shows."""
    bare = text.replace("−", "-").removesuffix("%").removesuffix(" days")
    if bare.startswith("<"):
        assert value < float(bare[1:])
    elif "∞" not in bare:
        decimals = len(bare.partition(".")[2])
        assert abs(float(bare) - value) <= 0.5000001 * 10**-decimals
