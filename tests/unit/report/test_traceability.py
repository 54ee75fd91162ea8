"""Every number leads to its row, and every row to what it rests on."""

import re
from dataclasses import replace

import pytest
from report_page import Page, assert_printed
from seizureflow.displays.labels import Labels
from seizureflow.displays.pages import content_policy
from seizureflow.displays.sections import SECTIONS, section_of
from seizureflow.displays.values import Number, Result, Results
from seizureflow.figures.catalogue import FIGURES
from seizureflow.protocol import Protocol
from seizureflow.report.answer_numbers import with_numbers
from seizureflow.report.figures import Figure, figures_by_section, shape_of
from seizureflow.report.inputs import inputs_of, raw_files
from seizureflow.report.page import render_page
from seizureflow.report.result_rows import RowNumbers
from unit.report.study import FIGURE, FIGURES_SHOWN, protocol, report, results_of


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return report(protocol(arms=3), tmp_path_factory.mktemp("page"))[0]


def test_rows_are_numbered_as_in_the_table_of_results():
    frame = results_of(protocol())
    rows = RowNumbers(Results(frame))
    for analysis in ("primary", "participant_flow"):
        for row in rows.table(analysis).rows:
            held = frame.iloc[row.number - 1]
            assert (held["ANALYSIS"], held["STATISTIC"]) == (analysis, row.cells[0])
    assert rows.of("primary/no_such_statistic") is None


def test_published_numbers_lead_to_the_rows_they_are_compared_with(page):
    links = dict(page.links)
    row = page.rows[links["published/fits"][1:]]
    assert (row["analysis"], row["statistic"]) == ("participant_flow", "randomised")


def test_the_sentence_of_the_answer_holds_its_numbers(page):
    sentences = re.findall(r'<p class="sentence">(.*?)</p>', page.text)
    assert len(sentences) == 2  # one per arm compared
    for sentence in sentences:
        found = Page(f"<p>{sentence}</p>").numbers
        names = [identity.partition("?")[0] for identity, _, _ in found]
        assert names == [
            "primary/relative_change",
            "primary/relative_change_lower",
            "primary/relative_change_upper",
            "primary/p_value",
        ]
        words = re.sub(r"<data.*?</data>", "", sentence)
        left = re.findall(r"\d[\d.]*%?", re.sub(r"<[^>]*>", "", words))
        assert set(left) <= {"95%", "31%"}  # the confidence level, the criterion


def row(statistic, value):
    return Result("a", statistic, "", value)


@pytest.mark.parametrize(
    ("sentence", "rows", "texts"),
    [
        (
            "The odds of responding on x 2 were 2.09 times those on y (95% confidence interval "
            "0.64 to 6.85; p = 0.22).",
            [
                row("odds_ratio", 2.0912),
                row("odds_ratio_lower", 0.638),
                row("odds_ratio_upper", 6.849),
                row("p_value", 0.2212),
            ],
            ["2.09", "0.64", "6.85", "0.22"],
        ),
        (
            "The risk difference of x against y was 0.127 (95% confidence interval -0.075 to "
            "0.329; p < 0.001).",
            [
                row("risk_difference", 0.127),
                row("risk_difference_lower", -0.075),
                row("risk_difference_upper", 0.329),
                row("p_value", 0.0001),
            ],
            ["0.127", "-0.075", "0.329", "<\u00a00.001"],
        ),
        ("It could not be estimated.", [None, row("p_value", float("nan"))], []),
        ("It is not said.", [row("relative_change", -14.4)], []),
    ],
)
def test_numbers_are_found_in_a_sentence(sentence, rows, texts):
    sentence = re.sub(r"\bp ([=<]) ", "p\u00a0\\1\u00a0", sentence)
    pieces = with_numbers(sentence, rows)
    numbers = [piece for piece in pieces if isinstance(piece, Number)]
    assert [number.text for number in numbers] == texts
    assert "".join(p if isinstance(p, str) else p.text for p in pieces) == sentence
    for number in numbers:
        assert_printed(number.text, float(number.exact))


@pytest.mark.parametrize(
    ("text", "value"), [("14.4% higher", -14.4), ("14.4% lower", 14.4), ("14.5% lower", -14.4)]
)
def test_a_number_that_says_something_else_is_refused(text, value):
    with pytest.raises(AssertionError):
        assert_printed(text, value)


def test_an_analysis_names_its_datasets_and_their_raw_files():
    plan = protocol()
    results, labels = Results(results_of(plan)), Labels(plan, {})
    entries = {entry["id"]: entry for entry in plan["analyses"]}
    found = inputs_of(results, entries["adverse_events"], labels)
    files = {name: entry["file"] for name, entry in plan["domains"].items()}
    assert found.datasets == ("adsl", "adae")
    assert {files["adverse_events"], files["doses"], files["participants"]} <= set(found.files)
    assert files["medications"] not in found.files
    assert dict(found.hashes) == {"data": "d" * 64, "plan": "p" * 64, "code": "c" * 64}
    margin = inputs_of(results, entries["margin"], labels)
    assert margin.analyses == (("primary", entries["primary"]["label"]),)


def test_codes_that_were_not_read_are_not_named():
    plan = protocol(treatment="blinded")
    domains = plan["domains"] | {"treatment_codes": {"file": "codes.csv", "columns": {}}}
    study = Protocol(plan["study"], plan | {"domains": domains})
    assert "codes.csv" not in raw_files(study, ["adsl"], [])
    read = replace(study, data=study.data | {"treatment": "unblinded"})
    assert "codes.csv" in raw_files(read, ["adsl"], [])


def test_every_analysis_ends_with_its_rows(page):
    for entry in protocol(arms=3)["analyses"]:
        assert ("details", f"rows-{entry['id']}") in page.attributes("id")


def test_sections_stand_in_the_order_of_the_contents(page):
    found = [name for tag, name in page.attributes("id") if tag == "section"]
    assert found == [section.id for section in SECTIONS]
    listed = [address[1:] for _, address in page.attributes("href") if address[1:] in found]
    assert listed[1 : len(found) + 1] == found  # after the skip link


def test_every_figure_stands_in_the_section_of_the_catalogue(page):
    for name in FIGURES_SHOWN:
        if name == "residuals":  # with the diagnostics of the primary analysis
            continue
        (section,) = (s.id for s in SECTIONS if s.figures == FIGURES[name].section)
        start = page.text.index(f'<section id="{section}"')
        part = page.text[start : page.text.index("</section>", start)]
        assert f'id="figure-{name.replace("_", "-")}"' in part


def test_figures_of_a_section_keep_the_order_of_the_catalogue():
    names = list(FIGURES)[::-1]
    shown = {name: Figure(name, "", "", "", "") for name in names}
    found = figures_by_section(shown)
    of_section = [name for name in FIGURES if FIGURES[name].section == "sensitivity"]
    assert len(of_section) > 2
    assert [f.id for f in found["sensitivity"]] == of_section
    assert sorted(f.id for own in found.values() for f in own) == sorted(FIGURES)


@pytest.mark.parametrize("method", ["vital_signs", "exposure_summary"])
def test_safety_of_any_method_is_in_its_section(method):
    assert section_of({"method": method, "role": "safety"}) == "safety"


def test_the_size_of_a_picture_is_that_of_its_file(tmp_path):
    svg, other = tmp_path / "a.svg", tmp_path / "b.svg"
    svg.write_text(FIGURE, encoding="utf-8")
    other.write_text("<svg/>", encoding="utf-8")
    png = tmp_path / "c.png"
    png.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (300).to_bytes(4) + (200).to_bytes(4))
    assert [shape_of(path) for path in (svg, other, png)] == [(640, 400), None, (300, 200)]


@pytest.mark.parametrize(
    ("style", "program"), [("</style>", ""), ("", "a = '</SCRIPT>'"), ("", "a = '<!--'")]
)
def test_a_style_or_script_that_would_end_too_early_is_refused(style, program):
    with pytest.raises(ValueError, match="too early"):
        render_page({"report.html.j2": ""}, style, {}, program)


def test_only_the_script_of_the_page_may_run():
    assert "script-src" not in content_policy("a {}")
    # printf 'a()' | openssl dgst -sha256 -binary | base64
    digest = "sha256-qVpDBgj7bpq5hMAcGp3AOc79J3Y1Z4HvySTwKrWDoy4="
    assert f"script-src '{digest}'; " in content_policy("a {}", "a()")
