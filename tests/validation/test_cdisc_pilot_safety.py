"""Safety analyses of the CDISC pilot against its own ADaM flags and its published tables.

The published numbers are those of tables 14-5.01 and 14-1.02 of the pilot's study report as
reproduced by Atorus Research (github.com/atorus-research/CDISC_pilot_replication, outputs/14-5.01.rtf
and outputs/14-1.02.rtf, 2020). Every other expected value comes from the pilot's ADAE and ADSL.
"""

from pathlib import Path

import pandas as pd
import pytest
from cdisc_pilot import ADAM, write_pilot
from seizureflow.adae import derive_adae
from seizureflow.adex import derive_adex
from seizureflow.adsl import baseline_and_covariates, derive_adsl
from seizureflow.adtte import derive_adtte
from seizureflow.adverse_events.exposure import exposure
from seizureflow.diary_files import countable_from
from seizureflow.eligibility import evaluate_eligibility
from seizureflow.ingestion.study import ingest_study
from seizureflow.methods import run_method
from seizureflow.plans import adsl_plan, analysis_plan, counting_rules
from seizureflow.protocol import load_protocol
from seizureflow.tables import read_table, write_table

ARMS = {"Placebo": "placebo", "Xanomeline Low Dose": "low", "Xanomeline High Dose": "high"}
SETTINGS = {"confidence_level": 0.95, "seed": 1}
ANALYSES = """\
time_to_event:
  - {id: TTAE, label: First adverse event, kind: adverse_event}
  - {id: TTDERM, label: First dermatologic event, kind: adverse_event, events: {terms: [DERMATOLOGIC]}}
analyses:
  - {id: differences, label: D, role: safety, population: safety, method: adverse_event_differences}
  - {id: incidence, label: I, role: safety, population: safety, method: adverse_event_incidence}
  - {id: deaths, label: X, role: safety, population: safety, method: deaths, options: {disposition_reason: DEATH}}
  - {id: exposure, label: E, role: safety, population: safety, method: exposure_summary, options: {dose_per: day}}
"""


@pytest.fixture(scope="module")
def published_adae():
    adae = pd.read_parquet(ADAM / "adae.parquet")
    return adae.assign(TRT01P=adae["TRTA"].map(ARMS))


@pytest.fixture(scope="module")
def published_adsl():
    adsl = pd.read_parquet(ADAM / "adsl.parquet")
    return adsl.assign(TRT01P=adsl["TRT01P"].map(ARMS))


@pytest.fixture(scope="module")
def protocol(tmp_path_factory, published_adae):
    study = write_pilot(tmp_path_factory.mktemp("pilot"), "pharmaversesdtm")
    file = study / "protocol.yaml"
    # The pilot's ADTTE is of dermatologic events: those that its ADAE marks as such.
    marked = published_adae.loc[published_adae["CQ01NAM"].notna(), "AEDECOD"].unique()
    terms = ANALYSES.replace("DERMATOLOGIC", ", ".join(f'"{term}"' for term in sorted(marked)))
    text = file.read_text(encoding="utf-8").replace("analyses:\n", terms)
    file.write_text(text, encoding="utf-8")
    return load_protocol(study, Path(__file__).parents[2] / "schemas")


@pytest.fixture(scope="module")
def tables(protocol, tmp_path_factory):
    """The analysis datasets, as the workflow would store them."""
    folder = tmp_path_factory.mktemp("tables")

    def stored(name, frame):
        write_table(frame, folder / f"{name}.parquet", name)
        return read_table(folder / f"{name}.parquet")

    raw = ingest_study(protocol, pd.Timestamp("2016-12-31"))
    found = {name: stored(name, table) for name, table in raw.tables.items()}
    counting, plan = counting_rules(protocol), adsl_plan(protocol)
    countable = countable_from({}, counting)
    people = baseline_and_covariates(found["participants"], countable, plan).reset_index()
    eligibility = evaluate_eligibility(people, countable, [], plan["baseline"])
    records = {name: found[name] for name in ("doses", "disposition")}
    adsl, _ = derive_adsl(
        "pilot", found["participants"], found["treatment"], countable, eligibility, records, plan
    )
    found["adsl"] = stored("adsl", adsl)
    domain = protocol.domain("adverse_events")
    adae = derive_adae(found["adsl"], found["adverse_events"], domain)
    found["adae"] = stored("adae", adae)
    found["adex"] = stored("adex", derive_adex(found["adsl"], found["doses"], {}))
    adtte = derive_adtte(
        found["adsl"],
        countable,
        protocol.data["time_to_event"],
        protocol.data["design"],
        counting,
        (found["adae"], domain),
    )
    found["adtte"] = stored("adtte", adtte)
    return found


@pytest.fixture(scope="module")
def answers(protocol, tables):
    """Values of every safety analysis by statistic, group, variable and level."""

    def answer(identifier):
        plan = analysis_plan(protocol, identifier, SETTINGS)
        result = run_method(plan["analysis"]["method"], plan, tables)
        return {(s.name, s.group, s.variable, s.level): s.value for s in result.statistics}

    names = ("events", "differences", "incidence", "deaths", "exposure")
    return {name: answer(name) for name in names}


# variable, level -> participants and events of placebo, low and high dose; p of low and high dose
PUBLISHED = {
    ("any", None): ([65, 77, 76], [281, 412, 433], ["0.007", "0.014"]),
    ("body_system", "CARDIAC DISORDERS"): ([12, 13, 15], [26, 30, 30], ["0.831", "0.534"]),
    ("term", "CARDIAC DISORDERS / SINUS BRADYCARDIA"): ([2, 7, 8], [2, 10, 12], ["0.097", "0.056"]),
    ("term", "CARDIAC DISORDERS / MYOCARDIAL INFARCTION"): ([4, 2, 4], [4, 4, 8], ["0.682", ">.99"]),
    ("term", "CARDIAC DISORDERS / ATRIAL FIBRILLATION"): ([1, 1, 3], [1, 1, 5], [">.99", "0.365"]),
}  # fmt: skip


def printed(p_value):
    return ">.99" if p_value > 0.99 else f"{p_value:.3f}"


@pytest.mark.parametrize(("variable", "level"), PUBLISHED)
def test_table_14_5_01(answers, variable, level):
    people, events, p_values = PUBLISHED[variable, level]
    for place, arm in enumerate(ARMS.values()):
        found = answers["events"]
        assert found[("participants_with_event", arm, variable, level)] == people[place]
        assert found[("events", arm, variable, level)] == events[place]
    for arm, p_value in zip(("low", "high"), p_values, strict=True):
        assert printed(answers["differences"][("p_value", arm, variable, level)]) == p_value


def test_every_count_is_that_of_the_flags_of_adae(answers, published_adae):
    emergent = published_adae[published_adae["TRTEMFL"] == "Y"]
    related = emergent["AEREL"].isin(["POSSIBLE", "PROBABLE"])
    system = emergent["AEBODSYS"]
    kinds = {
        "serious": emergent[emergent["AESER"] == "Y"],
        "related": emergent[related],
        "fatal": emergent[emergent["AESDTH"] == "Y"],
    }
    expected = {}
    for arm in ARMS.values():
        for kind, rows in kinds.items():
            own = rows[rows["TRT01P"] == arm]
            expected[arm, kind, None] = own["USUBJID"].nunique()
        own = emergent[emergent["TRT01P"] == arm]
        for level, rows in own.groupby(system[own.index]):
            expected[arm, "body_system", level] = rows["USUBJID"].nunique()
        for level, rows in own.groupby(own["AEBODSYS"] + " / " + own["AEDECOD"]):
            expected[arm, "term", level] = rows["USUBJID"].nunique()
        worst = own.assign(RANK=own["AESEV"].map({"MILD": 1, "MODERATE": 2, "SEVERE": 3}))
        severity = worst.groupby("USUBJID")["RANK"].max().value_counts()
        for rank, level in enumerate(("MILD", "MODERATE", "SEVERE"), start=1):
            expected[arm, "worst_severity", level] = severity.get(rank, 0)
    name = "participants_with_event"
    found = {key[1:]: v for key, v in answers["events"].items() if key[0] == name and v > 0}
    found = {key: v for key, v in found.items() if key[1] not in ("any", "withdrawn")}
    assert found == {key: float(v) for key, v in expected.items() if v}
    assert len(found) > 400


def test_deaths_are_those_of_adae_and_adsl(answers, published_adae, published_adsl):
    fatal = published_adae[published_adae["AESDTH"] == "Y"]
    by_event = fatal.groupby("TRT01P")["USUBJID"].nunique()
    died = published_adsl[published_adsl["DTHFL"] == "Y"].groupby("TRT01P").size()
    for arm in ARMS.values():
        found = answers["deaths"]
        assert found[("deaths", arm, "fatal_adverse_event", None)] == by_event.get(arm, 0)
        assert found[("deaths", arm, "disposition", None)] == died.get(arm, 0)
        assert found[("deaths", arm, None, None)] == died.get(arm, 0)
    assert died.sum() == 3


def test_disposition_is_that_of_adsl_and_deaths_those_of_table_14_1_02(
    protocol, tables, published_adsl
):
    plan = analysis_plan(protocol, "flow", SETTINGS)
    data = tables | {
        "eligibility": pd.DataFrame({"USUBJID": [], "CRITERION": [], "LABEL": [], "MET": []})
    }
    result = run_method("participant_flow", plan, data)
    found = {(s.name, s.group, s.level): s.value for s in result.statistics}
    for arm, rows in published_adsl.groupby("TRT01P"):
        assert found[("completed", arm, None)] == (rows["EOSSTT"] == "COMPLETED").sum()
        reasons = rows.loc[rows["EOSSTT"] != "COMPLETED", "DCDECOD"].value_counts()
        for reason, count in reasons.items():
            ours = reason.replace("PROTOCOL VIOLATION", "PROTOCOL DEVIATION")
            assert found[("discontinued_for", arm, ours)] == count
    # Table 14-1.02 counts those who left before week 24, COMP24FL of ADSL.
    before = published_adsl[published_adsl["COMP24FL"] != "Y"]
    died = before[before["DCDECOD"] == "DEATH"].groupby("TRT01P").size()
    assert [int(died.get(arm, 0)) for arm in ARMS.values()] == [1, 1, 0]


def test_time_to_the_first_dermatologic_event_is_that_of_the_pilots_adtte(tables):
    published = pd.read_parquet(ADAM / "adtte.parquet").set_index("USUBJID")
    ours = tables["adtte"][tables["adtte"]["PARAMCD"] == "TTDERM"].set_index("USUBJID")
    assert set(ours.index) == set(published.index)
    ours = ours.reindex(published.index)
    assert (ours["CNSR"] == published["CNSR"]).all()
    event = published["CNSR"] == 0
    assert event.sum() > 100
    assert ours.loc[event, "AVAL"].tolist() == published.loc[event, "AVAL"].tolist()


def test_incidence_adds_up_the_times_of_the_pilots_first_events(answers, tables):
    ours = tables["adtte"][tables["adtte"]["PARAMCD"] == "TTAE"]
    for arm in ARMS.values():
        own = ours[ours["TRT01P"] == arm]
        years = answers["incidence"][("years_at_risk", arm, "any", None)]
        assert years == pytest.approx(own["AVAL"].sum() / 365.25)
        count = answers["incidence"][("participants_with_event", arm, "any", None)]
        assert count == (own["CNSR"] == 0).sum()


def test_durations_and_total_doses_are_those_of_adsl(tables, published_adsl):
    """But for the participants whose last dose has no end in EX, which the pilot fills in."""
    found = exposure(published_adsl, tables["adex"], {}, daily=True)
    published = published_adsl.set_index("USUBJID").loc[found.index]
    last = tables["adex"].sort_values("ASTDT").groupby("USUBJID").tail(1).set_index("USUBJID")
    open_ended = set(last.index[last["AENDT"].isna()])
    for ours, theirs, differing in (("duration_days", "TRTDURD", 5), ("total_dose", "CUMDOSE", 3)):
        differs = found.index[found[ours] != published[theirs]]
        assert set(differs) <= open_ended
        assert len(differs) == differing
