"""Laboratory and vital signs of the CDISC pilot, against the pilot's own ADLBC, ADLBHY and ADVS.

Where the two differ, they differ by a rule of the pilot, and the rule is part of the test:

- the laboratory baseline of the pilot is the visit SCREENING 1, also where an unscheduled result
  lies between it and the first dose; ours is the last one. The vital signs' baseline is the visit
  BASELINE alone; ours is the last measurement on or before day 1, as of height (SCREENING 1);
- ADLBC calls a result high above 1.5 times the upper limit (low below half the lower one), ours
  above the limit itself, as LBNRIND of the pilot's SDTM does;
- 73 results lie on a limit in the units of the laboratory, and beside it once result and limit are
  in standard units, each rounded on its own: LBNRIND says NORMAL, result and limit do not;
- rows of ADLBC and ADVS at the end of treatment repeat those of a visit, and 8 rows of ADVS have no
  result.
"""

import numpy as np
import pandas as pd
import pytest
from cdisc_pilot import ADAM, DATA, write_pilot
from seizureflow.analysis import AnalysisSpec, Arm
from seizureflow.ingestion.measurements import ingest_measurements
from seizureflow.measurements.derive import derive_measurements
from seizureflow.measurements.shifts import worst_categories
from seizureflow.methods import hys_law, measurement_summary
from seizureflow.protocol import load_protocol
from seizureflow.raw_sources import raw_source

pytestmark = pytest.mark.slow

ARMS = ("Placebo", "Xanomeline Low Dose", "Xanomeline High Dose")
WEEKS = (2, 4, 6, 8, 12, 16, 20, 24, 26)
RECORDED = {f"week_{week}": f"WEEK {week}" for week in WEEKS}
KEYS = ["USUBJID", "PARAMCD", "VISIT", "ATPT"]


@pytest.fixture(scope="module")
def protocol(tmp_path_factory, request):
    return load_protocol(
        write_pilot(tmp_path_factory.mktemp("pilot")), request.config.rootpath / "schemas"
    )


@pytest.fixture(scope="module")
def adsl():
    published = pd.read_parquet(ADAM / "adsl.parquet")
    for name in ("TRTSDT", "TRTEDT"):
        published[name] = pd.to_datetime(published[name]).astype("datetime64[ms]")
    return published


def ingested(protocol, adsl, domain):
    people = pd.read_parquet(DATA / "cdiscpilotsdtm" / "dm.parquet")[["USUBJID"]]
    day_one = adsl[["USUBJID", "TRTSDT"]].rename(columns={"TRTSDT": "RFDT"})
    source = raw_source(
        domain, protocol.raw_files(domain), protocol.domain(domain), pd.Timestamp("2016-12-31")
    )
    return ingest_measurements(source, people.merge(day_one, how="left", on="USUBJID"))


def derived(protocol, adsl, domain):
    entry = protocol.domain(domain)
    made = derive_measurements(
        adsl,
        ingested(protocol, adsl, domain).tables[domain],
        protocol.data["design"]["visits"],
        visit_assignment=entry["visit_assignment"],
        days_after_last_dose=entry["days_after_last_dose"],
    )
    return made.assign(VISIT=made["VISIT"].replace(RECORDED))


@pytest.fixture(scope="module")
def adlb(protocol, adsl):
    return derived(protocol, adsl, "laboratory")


@pytest.fixture(scope="module")
def advs(protocol, adsl):
    return derived(protocol, adsl, "vital_signs")


def published(name):
    frame = pd.read_parquet(ADAM / f"{name}.parquet")
    frame = frame[frame["AVISIT"] != "End of Treatment"]
    return (
        frame if "ATPT" in frame else frame.assign(ATPT=pd.Series(pd.NA, frame.index, dtype="str"))
    )


def together(theirs, ours):
    """Rows of both, side by side; what only one of them has."""
    rows = theirs.merge(
        ours, on=KEYS, how="outer", suffixes=("_PILOT", ""), indicator=True, validate="one_to_one"
    )
    return rows[rows["_merge"] == "both"].drop(columns="_merge"), rows[rows["_merge"] != "both"]


@pytest.fixture(scope="module")
def chemistry(adlb):
    both, apart = together(published("adlbc"), adlb)
    # Of those not treated, and of nobody else, the pilot has no rows.
    assert set(apart["_merge"]) <= {"right_only"}
    assert len(both) == 32704
    screening = both["VISIT"].eq("SCREENING 1") & both["AVAL"].notna()
    at_screening = both[screening].set_index(["USUBJID", "PARAMCD"])["ADT"]
    at_baseline = both[both["ABLFL"] == "Y"].set_index(["USUBJID", "PARAMCD"])["ADT"]
    places = pd.MultiIndex.from_frame(both[["USUBJID", "PARAMCD"]])
    first, last = at_screening.reindex(places).array, at_baseline.reindex(places).array
    return both.assign(SAME_BASELINE=(first == last) | (pd.isna(first) & pd.isna(last)))


def same(theirs, ours):
    return np.isclose(theirs, ours, rtol=1e-9, atol=1e-9, equal_nan=True)


def test_findings_on_the_raw_laboratory_file(protocol, adsl):
    found = ingested(protocol, adsl, "laboratory")
    raw = pd.read_parquet(DATA / "pharmaversesdtm" / "lb.parquet")
    chemistry = raw[raw["LBCAT"] == "CHEMISTRY"]
    assert len(found.tables["laboratory"]) == len(chemistry) == 32740
    assert {f.rule for f in found.findings} == {"result_not_a_number", "range_indicator_differs"}
    assert found.tables["laboratory"]["VALUETXT"].notna().sum() == 6  # <0.2 and <40, in mg/dL
    # All of the 73 lie on a limit as the laboratory gave them.
    low, high = (
        chemistry["LBSTRESN"] < chemistry["LBSTNRLO"],
        (chemistry["LBSTRESN"] > chemistry["LBSTNRHI"]),
    )
    differs = chemistry[(low | high) & (chemistry["LBNRIND"] == "NORMAL")]
    assert len(differs) == 73
    given = [pd.to_numeric(differs[name]) for name in ("LBORRES", "LBORNRLO", "LBORNRHI")]
    assert (np.isclose(given[0], given[1]) | np.isclose(given[0], given[2])).all()


def test_results_ranges_and_days_are_the_pilots(chemistry):
    for theirs, ours in (("AVAL_PILOT", "AVAL"), ("A1LO", "ANRLO"), ("A1HI", "ANRHI")):
        assert same(chemistry[theirs], chemistry[ours]).all(), ours
    assert (chemistry["ADY_PILOT"] == chemistry["ADY"].astype("float64")).all()


def test_baseline_and_change_are_the_pilots_where_the_baseline_is_one_visit(chemistry):
    alike = chemistry[chemistry["SAME_BASELINE"]]
    assert len(alike) / len(chemistry) > 0.9
    assert (alike["ABLFL_PILOT"].fillna("") == alike["ABLFL"].fillna("")).all()
    assert same(alike["BASE_PILOT"], alike["BASE"]).all()
    after = alike[(alike["ADY"] > 1).fillna(False).astype(bool)]
    assert same(after["CHG_PILOT"], after["CHG"]).all()
    assert len(after) > 24000


def test_the_other_baselines_are_later_unscheduled_results(chemistry):
    others = chemistry[~chemistry["SAME_BASELINE"]]
    ours = others[others["ABLFL"] == "Y"]
    assert ours["VISIT"].str.fullmatch(r"UNSCHEDULED 1\.[123]").all()
    assert len(ours) == 414
    theirs = others[others["ABLFL_PILOT"] == "Y"].set_index(["USUBJID", "PARAMCD"])
    assert set(theirs["VISIT"]) == {"SCREENING 1"}
    later = ours.set_index(["USUBJID", "PARAMCD"])["ADT"].reindex(theirs.index)
    assert (later > theirs["ADT"]).all()


def test_range_indicators_are_those_of_sdtm_but_for_rounded_limits(chemistry):
    said = chemistry[chemistry["LBNRIND"].notna() & chemistry["ANRIND"].notna()]
    differs = said[said["LBNRIND"] != said["ANRIND"]]
    assert len(said) == 32698
    assert len(differs) == 73
    assert set(differs["LBNRIND"]) == {"NORMAL"}
    limit = differs["ANRHI"].where(differs["ANRIND"] == "HIGH", differs["ANRLO"])
    assert (abs(differs["AVAL"] / limit - 1) < 0.004).all()


def beyond(value, low, high):
    """The indicator of ADLBC: against 1.5 times the upper and half the lower limit."""
    return np.select([value > 1.5 * high, value < 0.5 * low], ["H", "L"], "N")


def test_range_indicators_under_the_pilots_rule_are_the_pilots(chemistry):
    found = beyond(chemistry["AVAL"], chemistry["ANRLO"], chemistry["ANRHI"])
    assert (found == chemistry["ANRIND_PILOT"]).all()
    base = chemistry[(chemistry["ABLFL"] == "Y") & chemistry["SAME_BASELINE"]]
    found = beyond(base["AVAL"], base["ANRLO"], base["ANRHI"])
    assert (found == base["BNRIND_PILOT"]).all()
    assert (base["BNRIND"] == base["ANRIND"]).all()


def test_shifts_under_the_pilots_rule_are_the_pilots(chemistry):
    """Counts of participants by baseline and worst later category, from either data set."""
    words = {"H": "HIGH", "L": "LOW", "N": "NORMAL"}
    after = chemistry["SAME_BASELINE"] & (chemistry["ADY"] > 1).fillna(False).astype(bool)
    rows = chemistry[after & chemistry["AVAL"].notna()]
    theirs = {}
    for (_, parameter), own in rows.groupby(["USUBJID", "PARAMCD"]):
        indicators = set(own["ANRIND_PILOT"])
        worst = "HIGH" if "H" in indicators else "LOW" if "L" in indicators else "NORMAL"
        first = own["BNRIND_PILOT"].iloc[0]
        start = "no baseline" if pd.isna(first) else words[first]
        key = (own["TRTP"].iloc[0], parameter, start, worst)
        theirs[key] = theirs.get(key, 0) + 1
    base = chemistry[chemistry["ABLFL"] == "Y"].set_index(["USUBJID", "PARAMCD"])
    of_base = pd.Series(beyond(base["AVAL"], base["ANRLO"], base["ANRHI"]), index=base.index)
    places = pd.MultiIndex.from_frame(rows[["USUBJID", "PARAMCD"]])
    ours = rows.assign(
        ARM=rows["TRT01P"],
        SERIES=rows["PARAMCD"],
        ANRIND=pd.Series(beyond(rows["AVAL"], rows["ANRLO"], rows["ANRHI"]), index=rows.index).map(
            words
        ),
        BNRIND=of_base.reindex(places).map(words).to_numpy(),
    )
    found = worst_categories(ours, ours).groupby(["ARM", "SERIES", "FROM", "TO"]).size()
    assert found.to_dict() == theirs
    assert sum(theirs.values()) > 4000
    assert sum(count for key, count in theirs.items() if key[3] == "HIGH") > 40


def test_hys_law_is_the_pilots(adsl, adlb):
    """ADLBHY: both tests above 1.5 times the upper limit at one visit, weeks 2 to 24."""
    until_24 = adlb[adlb["AVISIT"].isin([f"week_{week}" for week in WEEKS[:-1]])]
    options = {"aminotransferase_multiple": 1.5, "bilirubin_multiple": 1.5, "within_days": 0}
    spec = AnalysisSpec(
        "liver", "safety", tuple(Arm(arm, arm) for arm in ARMS), options=options | {"listed": 3}
    )
    result = hys_law.analyse(spec, {"adsl": adsl, "adlb": until_24})
    theirs = pd.read_parquet(ADAM / "adlbhy.parquet")
    theirs = theirs[(theirs["AVISIT"] != "Baseline") & (theirs["AVAL"] == 1)]
    for parameter, variable, level in (
        ("TRANSHY", "Peak of ALT or AST", "above 1.5 × ULN"),
        ("BILIHY", "Peak of bilirubin", "at least 1.5 × ULN"),
        ("HYLAW", "Hy's law", "above 1.5 × ULN, bilirubin at least 1.5 × ULN within 0 days"),
    ):
        people = theirs[theirs["PARAMCD"] == parameter].groupby("TRTP")["USUBJID"].nunique()
        found = {
            s.group: s.value
            for s in result.statistics
            if (s.name, s.variable, s.level) == ("participants", variable, level)
        }
        assert found == {arm: float(people.get(arm, 0)) for arm in ARMS}, parameter
    assert theirs["PARAMCD"].value_counts()["TRANSHY"] > 10


def test_vital_signs_are_the_pilots(advs):
    both, apart = together(published("advs"), advs)
    assert len(both) == 29635
    assert apart["AVAL_PILOT"].isna().all()  # rows without a result
    assert len(apart[apart["_merge"] == "left_only"]) == 8
    assert same(both["AVAL_PILOT"], both["AVAL"]).all()
    flagged = both["ABLFL_PILOT"] == "Y"
    assert (both.loc[flagged, "ABLFL"] == "Y").all()
    assert set(both.loc[flagged, "VISIT"]) == {"BASELINE"}
    own = both[(both["ABLFL"] == "Y") & ~flagged]
    assert len(own) == 265
    assert "BASELINE" not in set(own["VISIT"])
    with_theirs = both["BASE_PILOT"].notna()
    assert same(both.loc[with_theirs, "BASE_PILOT"], both.loc[with_theirs, "BASE"]).all()
    after = both[with_theirs & (both["ADY"] > 1).fillna(False).astype(bool)]
    assert same(after["CHG_PILOT"], after["CHG"]).all()
    assert same(after["PCHG_PILOT"], after["PCHG"]).all()
    assert len(after) > 20000


def test_changes_by_visit_are_those_of_the_pilots_rows(adsl, advs):
    """Weight: n, mean, SD, median, minimum and maximum of those who came to the visit BASELINE."""
    arms = tuple(Arm(arm, arm) for arm in ARMS)
    visits = tuple(f"week_{week}" for week in WEEKS)
    options = {"domain": "vital_signs", "tests": ["WEIGHT"], "visits": []}
    spec = AnalysisSpec("weight", "safety", arms, visits=visits, options=options)
    theirs = published("advs")
    theirs = theirs[(theirs["PARAMCD"] == "WEIGHT") & theirs["BASE"].notna()]
    of_them = advs[advs["USUBJID"].isin(theirs["USUBJID"])]
    result = measurement_summary.analyse(spec, {"adsl": adsl, "advs": of_them})
    theirs = theirs[theirs["ANL01FL"] == "Y"]
    compared = 0
    for week in (2, 8, 24):
        for arm in ARMS:
            rows = theirs[(theirs["AVISIT"] == f"Week {week}") & (theirs["TRTP"] == arm)]
            for column, level in (("AVAL", "value"), ("CHG", "change from baseline")):
                values = rows[column].dropna()
                expected = {
                    "participants": len(values), "mean": values.mean(), "sd": values.std(),
                    "median": values.median(), "minimum": values.min(), "maximum": values.max(),
                }  # fmt: skip
                found = {
                    s.name: s.value
                    for s in result.statistics
                    if (s.visit, s.group, s.level) == (f"week_{week}", arm, level)
                }
                assert found == pytest.approx(expected, rel=1e-9), (week, arm, level)
                compared += len(values)
    assert compared > 500
