"""Escaping, alignment, widths of columns, and the CSV form."""

import io

import pandas as pd
import pytest
from seizureflow.displays.tables import Row, Table
from seizureflow.displays.values import Number
from seizureflow.outputs.alignment import aligned
from seizureflow.outputs.long_form import csv_text
from seizureflow.outputs.output import Output, source_line
from seizureflow.outputs.rtf_rows import paragraph
from seizureflow.outputs.rtf_text import escaped
from seizureflow.outputs.widths import column_widths, text_of
from unit.outputs.rtf_reader import read_rtf

F, P = "\u2007", "\u2008"


def number(text, identity="a/b"):
    return Number(text, text.strip("%").replace("−", "-"), identity)


# RTF 1.9.1: special characters are escaped; \uN is a signed 16-bit UTF-16 unit.
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("a\\b", r"a\'5cb"),
        ("{x}", r"\'7bx\'7d"),
        ("−", r"\uc1\u8722?"),
        ("é", r"\uc1\u233?"),
        ("\uffe5", r"\uc1\u-27?"),
        ("\U0001f9e0", r"\uc1\u-10178?\uc1\u-8736?"),
        ("a\nb", r"a\line b"),
        ("a\x00\x07b", "ab"),
    ],
)
def test_text_is_escaped(text, expected):
    assert escaped(text) == expected


@pytest.mark.parametrize(
    "text", [r"<b>\par{}&\u123", "−0.5 (é) 9", "\U0001f9e0?", r"\'41", "a_b^2 >= \\alpha"]
)
def test_what_is_escaped_is_read_as_it_was(text):
    document = read_rtf("{\\rtf1" + paragraph(text) + "}")
    assert document.paragraphs == [text]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([("7",), ("12.5",), ("−3.25",)], [f"{F}7{P}{F}{F}", f"12.5{F}", "−3.25"]),
        ([("3", " (", "8.8%", ")"), ("12", " (", "35.3%", ")")], [f"{F}3 ({F}8.8%)", "12 (35.3%)"]),
        ([("6.0", " (", "1.9", ")"), ("16.3", " (", "24.1", ")")], ["6.0 (1.9)", "16.3 (24.1)"]),
        ([("−1%", " (", "−10%", " to ", "2%", ")")], ["−1% (−10% to 2%)"]),
        ([(), ("1",)], ["", "1"]),
    ],
)
def test_points_are_aligned(cells, expected):
    made = [
        tuple(number(p) if p.strip("−%").replace(".", "").isdigit() else p for p in cell)
        for cell in cells
    ]
    table = Table("T", "S", (("C",),), tuple(Row("r", (cell,)) for cell in made))
    shown = [text_of(row.cells[0]) if row.cells else "" for row in aligned(table).rows]
    assert shown == expected


@pytest.mark.parametrize("columns", [1, 3, 12, 30])
def test_widths_fill_the_page_and_no_more(columns):
    row = Row("A heading of some length", tuple((number("12"),) for _ in range(columns)))
    table = Table("T", "Stub", tuple((f"Heading {k}",) for k in range(columns)), (row,))
    widths = column_widths(table, 9.2)
    assert sum(widths) == pytest.approx(9.2)
    assert min(widths) > 0


def test_words_are_not_broken_where_there_is_room():
    long = "An " + "explanation " * 30
    table = Table("T", "Participant", (("Text",),), (Row("OPUS-01-001", ((long,),)),), words=1)
    stub, text = column_widths(table, 9.2)
    assert 0.8 < stub < 1.5
    assert text > 7


def output(tables, listing=False):
    return Output("1.1", "T", "P", tables, (), "S", "G", "study", (), listing)


def test_csv_names_the_result_of_every_number():
    cell = (number("3", "x/count?group=a"), " (", number("8.8%", "x/percent?group=a"), ")")
    table = Table(
        "T",
        "Stub",
        (("A (N=", number("34", "x/n?group=a"), ")"),),
        (Row("Block"), Row("Term", (cell,), indent=True), Row("Words", (("none",),))),
    )
    frame = pd.read_csv(io.StringIO(csv_text(output((table,)))), dtype=str, keep_default_na=False)
    assert frame[
        ["ROW", "BLOCK", "ROW_HEADING", "CELL", "NUMBER", "RESULT", "VALUE"]
    ].to_numpy().tolist() == [
        ["0", "", "Stub", "A (N=34)", "34", "x/n?group=a", "34"],
        ["2", "Block", "Term", "3 (8.8%)", "3", "x/count?group=a", "3"],
        ["2", "Block", "Term", "3 (8.8%)", "8.8%", "x/percent?group=a", "8.8"],
        ["3", "", "Words", "none", "", "", ""],
    ]


def test_a_listing_is_one_line_per_record():
    rows = (Row("P1", (("=1+1",), ("b",))), Row("P2", (("c",), ("",))))
    text = csv_text(output((Table("T", "Participant", (("X",), ("Y",)), rows),), listing=True))
    assert text == "Participant,X,Y\nP1,'=1+1,b\nP2,c,\n"


@pytest.mark.parametrize(
    ("analyses", "datasets", "expected"),
    [
        ((), ("adae",), "Source: dataset ADAE"),
        (("a", "b"), (), "Source: results of analyses a, b (ARD)"),
        (
            tuple("abcdefgh"),
            ("adsl",),
            "Source: results of 8 analyses (ARD), whose ids are in the CSV file of this table; "
            "dataset ADSL",
        ),
    ],
)
def test_sources_are_named(analyses, datasets, expected):
    assert source_line(analyses, datasets) == expected
