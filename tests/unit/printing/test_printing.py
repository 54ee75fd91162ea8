"""A page printed: what it says is on paper, what harms does nothing, and twice is the same."""

import base64
import io
from pathlib import Path

import pytest
from pypdf import PdfReader
from seizureflow.printing.html_tree import parse_page
from seizureflow.printing.pdf import print_page
from seizureflow.printing.typst_source import literal, typst_source

ROOT = Path(__file__).parents[3]
LAYOUT = (ROOT / "report" / "print.typ").read_text(encoding="utf-8")
SVG = base64.b64encode(
    b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
).decode()


def page(body: str, style: str = "") -> str:
    head = f"<head><title>A study: report</title><style>{style}</style></head>"
    return f'<!DOCTYPE html><html lang="en">{head}<body>{body}</body></html>'


def pdf(body: str, stamp: str = "") -> PdfReader:
    printed = print_page(page(f"<h1>A study</h1>{body}"), LAYOUT, header="The head", stamp=stamp)
    assert printed.problem == ""
    return PdfReader(io.BytesIO(printed.content))


def words(reader: PdfReader) -> str:
    return " ".join(" ".join(sheet.extract_text() for sheet in reader.pages).split())


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>one <b>two</b>\n three</p>", "one two three"),
        ("<ul><li>first</li><li>second</li></ul>", "• first • second"),
        ("<ol><li>first</li><li>second</li></ol>", "1. first 2. second"),
        ("<dl><dt>Window</dt><dd>Weeks 8 to 24</dd></dl>", "Window Weeks 8 to 24"),
        ("<details><summary>More</summary><p>inside</p></details>", "More inside"),
        ('<p><a href="#nowhere">words stay</a></p>', "words stay"),
        ('<p><data value="-14.37" data-result="a/b">−14.4%</data></p>', "−14.4%"),
        (
            "<table><caption>Title</caption><thead><tr><th>a</th><th>b</th></tr></thead>"
            "<tbody><tr><th>x</th><td>1.5</td></tr>"
            '<tr><th colspan="2">group</th></tr></tbody></table>',
            "Title a b x 1.5 group",
        ),
    ],
)
def test_what_a_page_says_is_on_paper(body, expected):
    assert expected in words(pdf(body))


@pytest.mark.parametrize(
    "body",
    [
        "<nav>left out</nav>",
        "<script>left out</script>",
        "<button>left out</button>",
        '<details data-print="no"><summary>left out</summary></details>',
        '<p hidden="">left out</p>',
        '<h2 class="unseen">left out</h2>',
        '<details class="rows"><summary>left out</summary></details>',
    ],
)
def test_what_only_a_screen_needs_is_left_out(body):
    assert "left out" not in words(pdf(f"<p>kept</p>{body}"))


@pytest.mark.parametrize(
    "text",
    [
        '#panic("run")',
        "*not bold* _nor this_ = no heading",
        '"quoted" \\ and \\u{41} \\n',
        "$ x^2 $ @label <label> // comment /* too */",
        "]] }} )) #let a = 1",
        "⟨β ≤ 0.05 − ½⟩ é",
    ],
)
def test_text_is_never_taken_for_markup(text):
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    body = f"<p>{escaped}</p><p><code>{escaped}</code></p><h2>{escaped}</h2>"
    source = typst_source(parse_page(page(body)), "").text
    assert source.count(literal(text)) == 3
    print_page(page(f"<h1>A</h1>{body}"), LAYOUT, header=text)


def test_a_letter_that_no_font_has_is_a_problem_said_and_no_stop():
    printed = print_page(page("<h1>A</h1><p>頭痛</p>"), LAYOUT, header="h")
    assert "頭" in printed.problem
    assert len(PdfReader(io.BytesIO(printed.content)).pages) == 1


def test_every_sheet_says_whose_it_is_and_what_its_people_are():
    reader = pdf("<p>word</p>" * 120, stamp="Simulated participants")
    assert len(reader.pages) > 2
    for number, sheet in enumerate(reader.pages, start=1):
        text = " ".join(sheet.extract_text().split())
        assert "The head" in text
        assert "Simulated participants" in text
        assert f"Page {number} of {len(reader.pages)}" in text


def test_links_within_lead_to_places_on_paper_and_others_out():
    reader = pdf(
        '<p><a href="#there">in</a> <a href="https://example.org/x">out</a></p>'
        '<section id="there"><h2>There</h2></section>'
    )
    targets = [note.get_object() for note in reader.pages[0]["/Annots"]]
    outside = [t["/A"]["/URI"] for t in targets if "/A" in t and "/URI" in t["/A"]]
    assert outside == ["https://example.org/x"]
    assert len(targets) == 2


def test_figures_are_there_with_their_text_for_who_cannot_see_them():
    body = f'<figure><img src="data:image/svg+xml;base64,{SVG}" alt="A black square"></figure>'
    source = typst_source(parse_page(page(body)), "")
    assert list(source.images) == ["figure_1.svg"]
    assert 'alt: "A black square"' in source.text
    pdf(body)


def test_a_picture_of_the_page_keeps_its_colours():
    style = ":root { --accent: #0b5563; } .picture .interval { stroke: var(--accent); }"
    body = (
        '<svg class="picture" aria-label="An interval" height="20">'
        '<line class="interval" x1="0" x2="50%" y1="1" y2="1"/></svg>'
    )
    drawn = typst_source(parse_page(page(body, style)), "").images["figure_1.svg"].decode()
    assert "stroke: #0b5563" in drawn
    assert drawn.count("<line ") == 1


def test_the_file_is_tagged_titled_undated_and_the_same_every_time():
    body = page("<h1>A study</h1><h2>Part</h2><p>text</p>")
    once, again = (print_page(body, LAYOUT, header="h") for _ in range(2))
    assert once == again
    reader = PdfReader(io.BytesIO(once.content))
    assert reader.metadata.title == "A study: report"
    assert reader.metadata.creation_date is None
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert [entry.title for entry in reader.outline if not isinstance(entry, list)] == ["A study"]
