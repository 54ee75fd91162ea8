"""The specification as a whole: complete or refused, as JSON and as a page."""

import json

import pandas as pd
import pytest
from report_page import Page, assert_accessible, assert_self_contained
from seizureflow.problems import InputError
from seizureflow.specification.describe import describe
from seizureflow.specification.document import ABOUT, as_document
from seizureflow.specification.page import render_specification
from unit.specification.plans import ROOT, adsz, labels, protocol

ADSL = pd.DataFrame(
    {
        "STUDYID": ["opus", "opus"],
        "USUBJID": ["P1", "P2"],
        "TRT01P": pd.Categorical(["placebo", None]),
        "SITEID": ["Köln", ""],
        "AGE": [30.0, None],
        "TRTSDT": pd.to_datetime(["2020-01-01", None]),
        "DCSREAS": [None, None],
    }
)


def specification(plan=None, **datasets):
    return describe(plan or protocol(), labels(), datasets or {"adsl": ADSL})


def page(found) -> Page:
    style = "".join(
        (ROOT / "report" / name).read_text(encoding="utf-8")
        for name in ("report.css", "define.css")
    )
    template = (ROOT / "report" / "define.html.j2").read_text(encoding="utf-8")
    return Page(render_specification(found, template, style))


def whole(plan=None):
    return specification(
        plan, adsl=ADSL, adsz=adsz(["SZCOUNT", "LOGCHG", "SZFREQ"], BASE=[None, 1, 2])
    )


def test_variables_have_the_order_and_length_of_the_dataset():
    dataset = specification().datasets[0]
    assert (dataset.name, dataset.label) == ("ADSL", "Subject-Level Analysis Dataset")
    assert [(v.name, v.length) for v in dataset.variables] == [
        ("STUDYID", 4),
        ("USUBJID", 2),
        ("TRT01P", 7),
        ("SITEID", 5),  # ö has two bytes
        ("AGE", 8),
        ("TRTSDT", 8),
        ("DCSREAS", 1),
    ]


def test_parameters_have_the_order_and_labels_of_the_dataset():
    table = adsz(["LOGCHG", "SZCOUNT", "SZFREQ", "LOGCHG"], BASE=[1.0, None, None, 2.0])
    found = specification(adsz=table).datasets[0].parameters
    assert [(p.code, p.label) for p in found] == [
        (code, f"Label of {code}") for code in ("LOGCHG", "SZCOUNT", "SZFREQ")
    ]
    # BASE is described where the dataset has one.
    assert [bool(p.baseline) for p in found] == [True, False, False]


def test_what_has_no_description_is_refused_all_of_it():
    with pytest.raises(InputError) as raised:
        specification(adsl=ADSL.assign(NEWVAR=1, STRAT9R="x"), adsz=adsz(["SZCOUNT", "NEWPARAM"]))
    assert [problem.where for problem in raised.value.problems] == [
        "dataset ADSL, variable NEWVAR",
        "dataset ADSL, variable STRAT9R",
        "dataset ADSZ, parameter NEWPARAM",
    ]


def test_the_document_explains_and_holds_everything():
    found = whole()
    document = json.loads(json.dumps(as_document(found)))
    assert document["about"] == ABOUT
    assert set(document) - {"about"} <= set(ABOUT)
    assert [d["name"] for d in document["datasets"]] == ["ADSL", "ADSZ"]
    treatment = document["datasets"][0]["variables"][2]
    assert treatment["codelist"][0] == {"value": "placebo", "meaning": "Placebo"}
    for key in ("name", "label", "kind", "length", "codelist", "derivation", "source"):
        assert key in treatment
    codes = [p["code"] for p in document["datasets"][1]["parameters"]]
    assert codes == ["SZCOUNT", "LOGCHG", "SZFREQ"]


def test_the_page_is_sound_and_holds_everything():
    found = whole()
    read = page(found)
    assert_self_contained(read)
    assert_accessible(read)
    assert "None" not in read.visible
    anchors = {value for _, value in read.attributes("id")}
    for dataset in found.datasets:
        for variable in dataset.variables:
            assert f"{dataset.name}.{variable.name}" in anchors
            for text in (variable.label, variable.derivation, variable.source):
                assert " ".join(text.split()) in read.visible
        for parameter in dataset.parameters:
            assert f"{dataset.name}.{parameter.code}" in anchors
            for text in (parameter.label, parameter.derivation, parameter.baseline):
                assert text in read.visible


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "\"'><img src=x onerror=y>", "R&D"])
def test_words_of_the_plan_stay_words(text):
    plan = protocol(title=text)
    plan["design"]["arms"][0]["label"] = text
    plan["derived_covariates"][0]["label"] = text
    plan["domains"]["participants"]["file"] = text
    read = page(specification(plan))
    assert_self_contained(read)
    assert read.visible.count(text) > 4


@pytest.mark.parametrize("simulated", [True, False])
@pytest.mark.parametrize("treatment", ["blinded", "unblinded"])
def test_banners_stand_where_the_plan_says_so(simulated, treatment):
    read = page(specification(protocol(simulated=simulated, treatment=treatment)))
    assert ("The participants of this study are simulated." in read.visible) == simulated
    assert ("DUMMY TREATMENT." in read.visible) == (treatment == "blinded")
    assert ("DUMMY" in read.visible) == (treatment == "blinded")


def test_the_same_study_gives_the_same_bytes():
    assert page(whole()).text == page(whole()).text
    assert json.dumps(as_document(whole())) == json.dumps(as_document(whole()))
