"""What a reader sees and does: the report in Chromium, with and without its script."""

import os
from pathlib import Path

import pytest
from unit.report.study import ROOT

WIDTHS = (400, 1280, 1920)
NAMES = ("complete", "blinded", "markup", "index")
# Reports of a finished run, where the environment names its folder of results.
FINISHED = os.environ.get("SEIZUREFLOW_BROWSER_RESULTS", "")
REAL = sorted(Path(FINISHED).glob("*/*.html")) if FINISHED else []

OVERFLOW = """() => document.documentElement.scrollWidth - document.documentElement.clientWidth"""
OPEN_ALL = """() => document.querySelectorAll("details").forEach((d) => (d.open = true))"""


def settle(page):
    """Wait until what an event set off has been drawn."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")


def of(pages, name):
    return name if isinstance(name, Path) else pages[0][name]


def named(value):
    return f"{value.parent.name}-{value.stem}" if isinstance(value, Path) else value


@pytest.mark.parametrize("name", [*NAMES, *REAL], ids=named)
def test_a_page_asks_for_nothing_and_complains_of_nothing(opened, pages, name):
    view = opened(of(pages, name))
    view.page.evaluate(OPEN_ALL)
    settle(view.page)
    assert [url for url in view.requests if not url.startswith("data:")] == [view.address]
    assert view.complaints == []
    broken = "() => [...document.images].filter((i) => !i.complete || !i.naturalWidth).length"
    assert view.page.evaluate(broken) == 0


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", [*NAMES, *REAL], ids=named)
def test_a_page_never_scrolls_sideways(opened, pages, name, width):
    view = opened(of(pages, name), width=width)
    assert view.page.evaluate(OVERFLOW) <= 0
    view.page.evaluate(OPEN_ALL)
    settle(view.page)
    assert view.page.evaluate(OVERFLOW) <= 0


@pytest.mark.parametrize("media", ["screen", "print"])
@pytest.mark.parametrize("name", [*NAMES, *REAL], ids=named)
def test_axe_finds_nothing_serious(opened, pages, name, media):
    from axe_playwright_python.sync_playwright import Axe

    view = opened(of(pages, name), width=400 if media == "screen" else 800)
    if not isinstance(name, Path):  # hundreds of folded tables are one and the same to the rules
        view.page.evaluate(OPEN_ALL)
    view.page.emulate_media(media=media)
    settle(view.page)
    found = Axe().run(view.page, options={"resultTypes": ["violations"]}).response["violations"]
    grave = {
        violation["id"]: [node["html"][:200] for node in violation["nodes"][:3]]
        for violation in found
        if violation["impact"] in ("serious", "critical")
    }
    assert grave == {}


def test_a_number_leads_to_its_row_and_back(opened, pages):
    view = opened(pages[0]["complete"])
    link = view.page.locator("#answer .sentence a.n").first
    exact, name = (link.locator("data").get_attribute(a) for a in ("value", "data-result"))
    link.focus()
    view.page.keyboard.press("Enter")
    row = view.page.locator("tr:target")
    row.wait_for(state="visible")
    assert exact in row.locator("td").all_text_contents()
    copy = row.get_by_role("button", name="Copy")
    assert copy.get_attribute("title") == f"{name} = {exact}"
    box = row.bounding_box()
    assert 0 <= box["y"] <= 900 - box["height"]
    row.get_by_role("button", name="Back").click()
    view.page.wait_for_function("location.hash === ''")


@pytest.mark.parametrize("name", ["complete", "markup"])
def test_every_row_is_named_as_its_numbers_are(opened, pages, name):
    """The script puts the name of a row together from its cells, as the library does."""
    view = opened(pages[0][name])
    links = view.page.evaluate(
        """() => Object.entries(Object.fromEntries([...document.querySelectorAll("a.n")]
          .map((a) => [a.hash, a.firstElementChild.dataset.result]))).slice(0, 1500)"""
    )
    chosen = links[::9] + [link for link in links if "odd" in link[1]]
    assert len(chosen) > 50
    for anchor, identity in chosen:
        if identity.startswith("published/"):
            continue
        view.page.evaluate("(anchor) => { location.hash = anchor; }", anchor)
        copy = view.page.locator(f"{anchor} .row-tools button").first
        assert copy.get_attribute("title").startswith(f"{identity} = "), anchor


def test_what_names_a_number_can_be_copied(opened, pages):
    view = opened(pages[0]["complete"], permissions=["clipboard-read", "clipboard-write"])
    view.page.locator("#answer .sentence a.n").first.click()
    button = view.page.locator("tr:target").get_by_role("button", name="Copy")
    title = button.get_attribute("title")
    button.click()
    view.page.get_by_text("Copied", exact=True).wait_for()
    assert view.page.evaluate("navigator.clipboard.readText()") == title


def test_a_table_is_sorted_by_exact_values(opened, pages):
    view = opened(pages[0]["complete"])
    table = view.page.locator("#estimates table")
    values = """(t) => [...t.tBodies].map((b) => [...b.rows].slice(1)
        .map((r) => r.cells[2].querySelector("data")?.value).filter(Boolean).map(Number))"""
    before = table.evaluate(values)
    button = table.get_by_role("button", name="p", exact=True)
    heading = table.locator("thead th").nth(2)
    for state, expected in (
        ("ascending", [sorted(group) for group in before]),
        ("descending", [sorted(group, reverse=True) for group in before]),
        (None, before),
    ):
        button.focus()
        view.page.keyboard.press("Enter")
        assert heading.get_attribute("aria-sort") == state
        assert table.evaluate(values) == expected
    assert max(map(len, before)) > 2


TERMS = """<div class="scroll"><table class="sort filter"><caption>Terms</caption>
<thead><tr><th scope="col">Term</th><th scope="col">n</th></tr></thead><tbody>
<tr class="strong"><th scope="row">Nervous</th><td><data value="9.0">9</data></td></tr>
<tr><th scope="row" class="indent">Tremor</th><td><data value="2.0">2</data></td></tr>
<tr><th scope="row" class="indent">Headache</th><td><data value="10.0">10</data></td></tr>
<tr class="strong"><th scope="row">Gastric</th><td><data value="3.0">3</data></td></tr>
<tr><th scope="row" class="indent">Nausea</th><td></td></tr>
<tr><th scope="row" class="indent">Colic</th><td><data value="3.0">3</data></td></tr>
</tbody></table></div>"""


@pytest.fixture
def terms(opened, tmp_path):
    """A table of terms below their body systems, with the script of the report."""
    program = (ROOT / "report" / "report.js").read_text(encoding="utf-8")
    path = tmp_path / "terms.html"
    path.write_text(f"<!doctype html>{TERMS}<script>{program}</script>", encoding="utf-8")
    return opened(path).page


def shown(page):
    rows = "() => [...document.querySelectorAll('tbody tr:not([hidden]) th')].map((h) => h.firstChild.data)"
    return " ".join(page.evaluate(rows))


@pytest.mark.parametrize(
    ("column", "ascending", "descending"),
    [
        (
            "Term",
            "Gastric Colic Nausea Nervous Headache Tremor",
            "Nervous Tremor Headache Gastric Nausea Colic",
        ),
        # A cell without a number comes last, whichever way.
        (
            "n",
            "Gastric Colic Nausea Nervous Tremor Headache",
            "Nervous Headache Tremor Gastric Colic Nausea",
        ),
    ],
)
def test_terms_stay_below_their_body_system_when_sorted(terms, column, ascending, descending):
    button = terms.get_by_role("button", name=column, exact=True)
    before = shown(terms)
    for expected in (ascending, descending, before):
        button.click()
        assert shown(terms) == expected


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("colic", "Gastric Colic"),  # a term with its body system
        ("nervous", "Nervous Tremor Headache"),  # a body system with its terms
        ("nothing", ""),
    ],
)
def test_a_filter_keeps_terms_and_body_systems_together(terms, words, left):
    terms.get_by_role("searchbox").fill(words)
    assert shown(terms) == left


def test_a_filter_leaves_what_it_names(opened, pages):
    view = opened(pages[0]["complete"])
    table = view.page.locator("#estimates table")
    shown = "(t) => [...t.querySelectorAll('tbody tr:not(.block)')].filter((r) => !r.hidden).length"
    every = table.evaluate(shown)
    box = view.page.get_by_label("Filter the rows of: All estimates")
    box.fill("odds ratio")
    some = table.evaluate(shown)
    assert 0 < some < every
    assert (
        f"{some} of {every} rows" in view.page.locator("#sensitivity output").first.text_content()
    )
    headings = table.locator("tr.block:visible").count()
    assert headings < table.locator("tr.block").count()
    box.press("Escape")
    assert table.evaluate(shown) == every
    view.page.get_by_label("Role of the analyses in: All estimates").select_option("Sensitivity")
    roles = table.evaluate(
        "(t) => [...new Set([...t.querySelectorAll('[data-role]:not([hidden])')].map((r) => r.dataset.role))]"
    )
    assert roles == ["Sensitivity"]


def test_a_filter_never_hides_the_row_that_a_link_leads_to(opened, pages):
    view = opened(pages[0]["complete"])
    anchor = view.page.locator(
        "#analysis-primary > table a.n, #analysis-primary a.n"
    ).first.get_attribute("href")
    view.follow(anchor[1:])
    view.page.locator("#rows-primary input[type=search]").fill("nothing of the kind")
    assert view.page.locator(anchor).is_hidden()
    view.page.evaluate("location.hash = ''")
    view.page.evaluate("(anchor) => { location.hash = anchor; }", anchor)
    view.page.locator(anchor).wait_for(state="visible")


def test_a_figure_opens_and_closes_with_the_keyboard(opened, pages):
    view = opened(pages[0]["complete"])
    button = view.page.get_by_role("button", name="Enlarge the figure").first
    for close in ("Escape", "Enter"):  # the second time by the button that has the focus
        button.focus()
        view.page.keyboard.press("Enter")
        dialog = view.page.get_by_role("dialog")
        dialog.wait_for(state="visible")
        assert dialog.locator("img").evaluate("(i) => i.naturalWidth") > 0
        view.page.keyboard.press(close)
        dialog.wait_for(state="detached")
        assert button.evaluate("(b) => document.activeElement === b")


def test_the_first_stop_of_the_keyboard_skips_to_the_summary(opened, pages):
    view = opened(pages[0]["complete"])
    view.page.keyboard.press("Tab")
    focused = "() => document.activeElement.textContent.trim()"
    assert view.page.evaluate(focused) == "Skip to the summary"
    outline = "() => getComputedStyle(document.activeElement).outlineStyle"
    assert view.page.evaluate(outline) == "solid"
    view.page.keyboard.press("Enter")
    view.page.keyboard.press("Tab")
    assert view.page.evaluate("() => !!document.activeElement.closest('#answer')")


def test_the_contents_fold_on_a_phone_and_stay_in_sight(opened, pages):
    view = opened(pages[0]["complete"], width=400)
    contents = view.page.locator("nav details")
    assert contents.get_attribute("open") is None
    contents.locator("summary").press("Enter")
    contents.get_by_role("link", name="Safety").click()
    assert contents.get_attribute("open") is None
    nav = view.page.locator("nav").bounding_box()
    heading = view.page.locator("#safety-heading").bounding_box()
    assert nav["y"] == 0
    assert nav["height"] <= heading["y"] < 400
    wide = opened(pages[0]["complete"], width=1280)
    assert wide.page.locator("nav details").get_attribute("open") is not None


def test_wide_tables_scroll_in_a_box_of_their_own_that_says_so(opened, pages):
    view = opened(pages[0]["complete"], width=400)
    box = view.page.locator("#estimates")
    box.scroll_into_view_if_needed()
    view.page.wait_for_function("document.querySelector('#estimates').tabIndex === 0")
    assert "All estimates" in box.get_attribute("aria-label")
    hint = "(b) => getComputedStyle(b, '::after').content"
    assert "Scroll sideways" in box.evaluate(hint)


def test_everything_is_there_without_the_script(opened, pages):
    view = opened(pages[0]["complete"], java_script_enabled=False)
    assert view.complaints == []
    anchor = view.page.locator("#answer .sentence a.n").first.get_attribute("href")
    view.page.locator("#answer .sentence a.n").first.click()
    view.page.locator(anchor).wait_for(state="visible")  # a browser opens what is folded
    assert view.page.locator("nav a").first.is_visible()
    assert view.page.locator("button").count() == 0
    view.page.locator("nav").get_by_role("link", name="Provenance").click()
    assert view.page.locator("#provenance-heading").is_visible()


def test_print_opens_what_is_folded_but_the_rows(opened, pages):
    view = opened(pages[0]["complete"])
    view.page.emulate_media(media="print")
    assert view.page.locator("#secondary article").first.is_visible()
    assert view.page.locator("#rows-primary").is_hidden()
    assert view.page.locator("nav").is_hidden()
    view.page.locator("#rows-primary").evaluate("(d) => (d.open = true)")
    assert view.page.locator("#rows-primary table").is_visible()
