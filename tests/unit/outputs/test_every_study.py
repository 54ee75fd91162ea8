"""Every study gets outputs that stand up, and every number in them is one of its results."""

import re
from dataclasses import dataclass

import pytest
from report_page import (
    Page,
    assert_accessible,
    assert_printed_numbers_are_results,
    assert_self_contained,
)
from seizureflow.outputs.alignment import FIGURE_SPACE, PUNCTUATION_SPACE
from seizureflow.outputs.catalogue import outputs_of
from seizureflow.outputs.widths import text_of
from unit.outputs.made_up import CODE, outputs, protocol, study_of, written
from unit.outputs.rtf_reader import read_rtf


@dataclass
class Shown:
    """Numbers of a page that are rows of the results."""

    numbers: list


STUDIES = {
    "complete": (protocol, {}),
    "three arms": (lambda: protocol(arms=3), {}),
    "no adverse events": (lambda: protocol(drop=("adverse_events",)), {}),
    "no doses, no disposition": (
        lambda: protocol(drop=("doses", "disposition", "adverse_events")),
        {},
    ),
    "no criterion": (lambda: protocol(drop=("success_criterion",)), {}),
    "nothing published": (protocol, {"published": False}),
    "blinded": (lambda: protocol(treatment="blinded"), {"published": False}),
    "not simulated": (lambda: protocol(simulated=False), {}),
    "primary not computed": (protocol, {"refuse": ("primary",)}),
    "nothing computed": (
        protocol,
        {"refuse": tuple(a["id"] for a in protocol()["analyses"]), "published": False},
    ),
}


def counted(identity):
    """Whether a number was counted in a dataset rather than read from the results."""
    return identity.startswith(("adsl/", "adae/"))


@pytest.mark.parametrize("name", STUDIES)
def test_every_study_gets_sound_outputs(tmp_path, name):
    make, options = STUDIES[name]
    found, results = outputs(make(), **options)
    files = written(found, tmp_path)
    assert {f"{o.file_name}.{s}" for o in found.values() for s in ("rtf", "html", "csv")} | {
        "index.html"
    } == set(files)
    for output in found.values():
        page = Page(files[f"{output.file_name}.html"])
        assert_self_contained(page)
        assert_accessible(page)
        own = [n for n in page.numbers if not n[0].startswith("published/") and not counted(n[0])]
        if own:
            assert_printed_numbers_are_results(Shown(own), results)
        rtf = read_rtf(files[f"{output.file_name}.rtf"])
        assert_same_cells(rtf, output)
        for text in (page.visible, rtf.text):
            assert "None" not in text
            assert "nan" not in re.split(r"\W+", text)
    index = Page(files["index.html"])
    assert_self_contained(index)
    assert_accessible(index)
    links = [address for _, address in index.attributes("href")]
    assert sorted(links) == sorted(name for name in files if name != "index.html")


def assert_same_cells(rtf, output):
    """The RTF document has the cells of the output, no more and no less, in order."""
    expected = []
    for table in output.tables:
        if len(output.tables) > 1:
            expected.append([table.caption])
        expected.append([table.stub, *map(text_of, table.columns)])
        expected += [[row.heading, *map(text_of, row.cells)] for row in table.rows]
    assert [[bare(cell) for cell in cells] for cells, _ in rtf.rows] == expected


def bare(text):
    """Text without the spaces that align it."""
    return text.replace(FIGURE_SPACE, "").replace(PUNCTUATION_SPACE, "")


def test_every_number_of_a_cell_has_an_identity(tmp_path):
    """Beside titles, notes and listings, no digit stands in a cell without naming its result."""
    found, _ = outputs(protocol())
    for number, output in found.items():
        if output.listing or number == "14.2.5":  # the published numbers are words
            continue
        for table in output.tables:
            for row in table.rows:
                for cell in row.cells[table.words :]:
                    words = [piece for piece in cell if isinstance(piece, str)]
                    outside = [w for w in words if re.search(r"\d", w) and "or lower" not in w]
                    assert not outside, (number, row.heading)


def test_the_criterion_is_the_plans():
    found, _ = outputs(protocol())
    table = next(t for t in found["14.2.1"].tables if t.caption.startswith("Against"))
    required = protocol()["success_criterion"]["relative_reduction"]
    assert table.rows[0].cells[1] == (f"−{required:g}% or lower",)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"treatment": "blinded", "simulated": False}, ["DUMMY TREATMENT"]),
        ({"simulated": True}, ["SIMULATED"]),
        ({"treatment": "blinded", "simulated": True}, ["DUMMY TREATMENT", "SIMULATED"]),
        ({"simulated": False, "description": "A trial."}, []),
    ],
)
def test_warnings_stand_on_every_page_of_every_file(tmp_path, changes, words):
    found, _ = outputs(protocol(("participant_flow", "adverse_events"), **changes), published=False)
    files = written(found, tmp_path)
    for output in found.values():
        html = Page(files[f"{output.file_name}.html"])
        header = read_rtf(files[f"{output.file_name}.rtf"]).header
        for word in ("DUMMY TREATMENT", "SIMULATED"):
            assert (word in html.visible) == (word in words)
            assert (word in header) == (word in words)


def test_nothing_is_judged_while_blinded():
    found, _ = outputs(protocol(treatment="blinded"), published=False)
    table = next(t for t in found["14.2.1"].tables if t.caption.startswith("Against"))
    assert table.rows[0].cells[2] == ("Not judged: treatment is blinded",)
    assert "14.2.5" not in found


def test_the_same_study_gives_the_same_bytes(tmp_path):
    made = [
        {output.number: output for output in outputs_of(study_of(protocol())[0], CODE)}
        for _ in range(2)
    ]
    first, second = written(made[0], tmp_path / "one"), written(made[1], tmp_path / "two")
    assert first == second
    assert not any(str(tmp_path) in text for text in first.values())


def test_what_a_study_lacks_is_left_out():
    found, _ = outputs(protocol(drop=("adverse_events",)), published=False)
    assert not [number for number in found if number.startswith(("14.3", "16.2.7", "14.2.5"))]
    assert {"14.1.1", "14.1.2", "14.1.3", "14.2.1", "14.2.3", "16.2.3"} <= set(found)
    everything, _ = outputs(protocol())
    assert {"14.2.5", "14.3.1", "14.3.2", "14.3.3", "14.3.4", "16.2.7.1"} <= set(everything)


def test_titles_headings_and_page_numbers_are_repeated(tmp_path):
    found, _ = outputs(protocol())
    files = written(found, tmp_path)
    output = found["14.3.2"]
    rtf = read_rtf(files["table-14-3-2.rtf"])
    assert [line for line in rtf.header.splitlines() if line.strip()] == [
        output.study,
        *output.warnings,
        "Table 14.3.2",
        output.title,
        output.population,
    ]
    assert rtf.footer == f"{output.source}\n{output.program}\tPage 1 of 1\n"
    assert "landscape" in rtf.controls
    assert [repeated for _, repeated in rtf.rows] == [True] + [False] * (len(rtf.rows) - 1)
    assert "NUMPAGES" in files["table-14-3-2.rtf"]
    assert output.program == "Program: scripts/write_tables.py, code 0123456789ab"
    assert output.source == "Source: results of analysis adverse_events (ARD); datasets ADSL, ADAE"


@pytest.mark.parametrize(
    "text",
    [
        r"<b>\par{}&\u123",
        r"\'41\trowd}{",
        "<script>alert(1)</script>",
        "{{ 7 * 7 }}{% raw %}",
        "Épilepsie − «aura» \U0001f9e0",
        "=HYPERLINK(0;1)",
    ],
)
def test_words_of_the_data_stay_words(tmp_path, text):
    plan = protocol(("participant_flow", "adverse_events"), title=text)
    plan["design"]["arms"][1]["label"] = text
    found, _ = outputs(plan, term=text)
    files = written(found, tmp_path)
    for number in ("14.3.2", "16.2.7.1", "16.2.2", "14.1.1"):
        page = Page(files[f"{found[number].file_name}.html"])
        rtf = read_rtf(files[f"{found[number].file_name}.rtf"])
        assert_self_contained(page)
        assert_same_cells(rtf, found[number])
        assert page.visible.count(text) >= 2
        assert rtf.text.count(text) >= 2
        assert text in rtf.header
