"""The methods of responders: what they answer, and what they say of data that admit no answer."""

import math
import warnings

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from seizureflow.analysis import AnalysisSpec, Arm
from seizureflow.methods import load_method
from seizureflow.problems import AnalysisError
from seizureflow.registry import METHODS

ARMS = (Arm("placebo", "Placebo"), Arm("active", "Active"))
METHODS_WITHOUT_STRATA = (
    "logistic",
    "fisher_exact",
    "unconditional_exact",
    "risk_difference",
    "standardised_risk",
    "responder_summary",
)
ALL = (*METHODS_WITHOUT_STRATA, "cmh", "tipping_point_responder")


def study(responses: dict[str, list[float]], **columns):
    """ADSL and ADSZ of participants with the given responses by arm; NaN where there is none."""
    rows = [(arm, value) for arm, values in responses.items() for value in values]
    people = pd.DataFrame(rows, columns=["TRT01P", "OUTCOME"])
    people["USUBJID"] = [f"P{number:02d}" for number in range(len(people))]
    # Responders have 3 of 10 seizures, others 8.
    count = np.where(people["OUTCOME"] == 1, 3.0, 8.0)
    people = people.assign(
        FASFL="Y",
        COMPLFL="Y",
        BSCOUNT=10,
        BSDAYS=28,
        BSFREQ=10.0,
        STRATUM=["A", "B"] * (len(people) // 2) + ["A"] * (len(people) % 2),
    ).assign(**columns)
    parameters = {
        "SZCOUNT": {"AVAL": count},
        "SZDAYS": {"AVAL": 28.0},
        "SZFREQ": {"AVAL": count, "PCHG": 10 * count - 100},
        "RESP50": {"AVAL": people["OUTCOME"]},
    }
    adsz = pd.concat(
        [
            pd.DataFrame({"USUBJID": people["USUBJID"], "PARAMCD": code, "AVISIT": "w"} | values)
            for code, values in parameters.items()
        ],
        ignore_index=True,
    )
    return {"adsl": people.drop(columns="OUTCOME"), "adsz": adsz}


def run(method: str, data, covariates: tuple[str, ...] = (), arms=ARMS, **options):
    schemas = METHODS[method].options
    defaults = {name: schema["default"] for name, schema in schemas.items() if "default" in schema}
    if method == "cmh":
        defaults["strata"] = ["STRATUM"]
    spec = AnalysisSpec(
        id="x",
        population="full",
        arms=arms,
        endpoint="RESP50" if METHODS[method].endpoint else None,
        endpoint_kind="responder",
        window="w",
        covariates=covariates,
        options=defaults | options,
    )
    rng = (np.random.default_rng(1),) if METHODS[method].random else ()
    return load_method(method)(spec, data, *rng)


def value(result, name: str, **which):
    found = [
        s.value
        for s in result.statistics
        if s.name == name
        and s.variable is None
        and all(getattr(s, key) == wanted for key, wanted in which.items())
    ]
    assert len(found) == 1, (name, which, len(found))
    return found[0]


def responses(*counts: int) -> dict[str, list[float]]:
    """Responders and participants of placebo, then of the active arm."""
    y0, n0, y1, n1 = counts
    return {
        "placebo": [1.0] * y0 + [0.0] * (n0 - y0),
        "active": [1.0] * y1 + [0.0] * (n1 - y1),
    }


DEGENERATE = {
    "no responder in an arm": (0, 8, 4, 9),
    "no responder at all": (0, 8, 0, 9),
    "all respond": (8, 8, 9, 9),
    "separated by the arm": (0, 8, 9, 9),
    "one participant in an arm": (3, 8, 1, 1),
    "one participant in each arm": (0, 1, 1, 1),
    "all respond in one arm": (3, 8, 9, 9),
}


@pytest.mark.parametrize("counts", DEGENERATE.values(), ids=DEGENERATE)
@pytest.mark.parametrize("method", [*ALL, "cumulative_responders"])
def test_degenerate_data_are_answered_or_refused_in_words(method, counts):
    """No stack trace, no warning, and no number missing without a note."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            statistics = run(method, study(responses(*counts))).statistics
        except AnalysisError:  # which holds a sentence, see the tests of each below
            statistics = ()
    for statistic in statistics:
        if math.isnan(statistic.value) and statistic.text is None:
            assert statistic.note, statistic.name


@pytest.mark.parametrize("interval", ["miettinen_nurminen", "newcombe", "sato", "wald"])
@pytest.mark.parametrize("counts", DEGENERATE.values(), ids=DEGENERATE)
def test_every_interval_of_a_risk_difference_is_within_its_range_or_absent_with_a_note(
    interval, counts
):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = run("risk_difference", study(responses(*counts)), interval=interval)
    y0, n0, y1, n1 = counts
    assert value(result, "risk_difference") == pytest.approx(y1 / n1 - y0 / n0)
    for name in ("risk_difference_lower", "risk_difference_upper"):
        statistic = next(s for s in result.statistics if s.name == name)
        if math.isnan(statistic.value):
            assert statistic.note
        elif interval in ("miettinen_nurminen", "newcombe"):
            assert -1 <= statistic.value <= 1


@pytest.mark.parametrize("method", ALL)
def test_three_arms_are_each_compared_with_the_reference(method):
    data = study(responses(3, 12, 7, 12) | {"high": [1.0] * 9 + [0.0] * 3})
    data["adsl"].loc[data["adsl"].index % 6 == 0, "COMPLFL"] = "N"
    result = run(method, data, arms=(*ARMS, Arm("high", "High")))
    compared = {s.group for s in result.statistics if s.reference == "placebo"}
    assert compared == (
        {"active", "high"} if METHODS[method].estimate or METHODS[method].random else set()
    )


def test_the_profile_interval_takes_the_place_of_wald_s_where_it_is_asked_for():
    data = study(responses(3, 12, 7, 12))
    wald, profile = run("logistic", data), run("logistic", data, interval="profile")
    for end in ("lower", "upper"):
        own = value(wald, f"odds_ratio_profile_{end}")
        assert value(profile, f"odds_ratio_{end}") == own
        assert value(wald, f"odds_ratio_{end}") != own
    assert value(profile, "p_value") == value(wald, "likelihood_ratio_p")
    assert value(profile, "odds_ratio") == value(wald, "odds_ratio")


def test_firth_always():
    result = run("logistic", study(responses(3, 12, 7, 12)), firth="always")
    assert value(result, "odds_ratio") == pytest.approx((7.5 / 5.5) / (3.5 / 9.5), rel=1e-8)
    assert not any("finite" in note for note in result.notes)


def test_strata_with_one_arm_are_named():
    data = study(responses(3, 12, 7, 12), STRATUM=["A"] * 6 + ["B"] * 12 + ["C"] * 6)
    for method in ("cmh", "risk_difference"):
        result = run(method, data, strata=["STRATUM"])
        assert any(note.startswith("12 participants add nothing") for note in result.notes)
        assert any("(A, C)" in note for note in result.notes)


def test_strata_without_both_arms_anywhere_are_refused():
    data = study(responses(3, 12, 7, 12), STRATUM=["A"] * 12 + ["B"] * 12)
    with pytest.raises(AnalysisError, match="no stratum has participants of both"):
        run("risk_difference", data, strata=["STRATUM"])
    result = run("cmh", data)
    assert all(s.note for s in result.statistics if math.isnan(s.value))


@pytest.mark.parametrize("method", ["cmh", "risk_difference"])
def test_strata_that_do_not_exist_are_named(method):
    with pytest.raises(AnalysisError, match="ADSL has no variable SITE2"):
        run(method, study(responses(3, 12, 7, 12)), strata=["STRATUM", "SITE2"])


def test_strata_of_two_variables_are_their_combinations():
    data = study(responses(3, 12, 7, 12), STRATUM=["A", "B"] * 12, SEX=["F", "F", "M", "M"] * 6)
    result = run("cmh", data, strata=["STRATUM", "SEX"])
    levels = [s.level for s in result.statistics if s.variable == "STRATUM:SEX"]
    assert sorted(set(levels)) == ["A; F", "A; M", "B; F", "B; M"]


def test_participants_without_their_stratum_are_left_out_and_named():
    data = study(responses(3, 12, 7, 12))
    data["adsl"].loc[2, "STRATUM"] = None
    result = run("cmh", data)
    assert "1 of 24 participants left out for want of STRATUM: P02." in result.notes


def test_sato_needs_its_own_weights():
    with pytest.raises(AnalysisError, match="Set weights: mantel_haenszel"):
        run("risk_difference", study(responses(3, 9, 5, 9)), interval="sato", weights="sample_size")


def test_arms_too_large_to_enumerate_are_refused():
    with pytest.raises(AnalysisError, match="too many to enumerate"):
        run("unconditional_exact", study(responses(30, 300, 50, 300)))


def test_standardised_risks_of_separated_data_are_refused():
    with pytest.raises(AnalysisError, match="responders are separated"):
        run("standardised_risk", study(responses(0, 8, 4, 9)))


def test_stratified_randomisation_needs_its_strata():
    data = study(responses(3, 12, 7, 12))
    with pytest.raises(AnalysisError, match="neither STRATAR nor STRATAV"):
        run("standardised_risk", data, stratified_randomisation=True)
    data["adsl"]["STRATAR"] = data["adsl"]["STRATUM"]
    plain = run("standardised_risk", data)
    found = run("standardised_risk", data, stratified_randomisation=True)
    assert value(found, "risk_difference_se") < value(plain, "risk_difference_se")
    assert value(found, "risk_difference_delta_se") == value(plain, "risk_difference_delta_se")
    data["adsl"].loc[3, "STRATAR"] = None
    with pytest.raises(AnalysisError, match="1 participants have no stratum"):
        run("standardised_risk", data, stratified_randomisation=True)


def test_standardised_ratios_without_covariates_are_those_of_the_table():
    result = run("standardised_risk", study(responses(3, 12, 7, 12)), variance="delta")
    assert value(result, "risk_ratio") == pytest.approx(7 / 3, rel=1e-8)
    assert value(result, "odds_ratio") == pytest.approx((7 / 5) / (3 / 9), rel=1e-8)
    # Delta method of a logarithm of an odds ratio of a table: Woolf (1955).
    half = stats.norm.ppf(0.975) * math.sqrt(1 / 7 + 1 / 5 + 1 / 3 + 1 / 9)
    expected = math.exp(math.log((7 / 5) / (3 / 9)) - half)
    assert value(result, "odds_ratio_lower") == pytest.approx(expected, rel=1e-7)


def shares(result, arm: str) -> dict[str, float]:
    return {
        s.level: s.value
        for s in result.statistics
        if s.name == "responders_percent" and s.group == arm
    }


def test_cumulative_responders_count_exactly_half_as_half():
    """Frequencies of 8, 5 and 3 from a baseline of 10: reductions of 20%, 50% and 70%."""
    data = study({"placebo": [0.0] * 3, "active": [0.0] * 3})
    counts = [8.0, 5.0, 3.0, 10.0, 12.0, 0.0]
    for code in ("SZCOUNT", "SZFREQ"):
        data["adsz"].loc[data["adsz"]["PARAMCD"] == code, "AVAL"] = counts
    result = run("cumulative_responders", data)
    placebo, active = shares(result, "placebo"), shares(result, "active")
    assert len(placebo) == 21
    assert [placebo[f"{cut}%"] for cut in (20, 25, 50, 55, 70, 75)] == pytest.approx(
        [100, 200 / 3, 200 / 3, 100 / 3, 100 / 3, 0]
    )
    assert [active[f"{cut}%"] for cut in (0, 5, 100)] == pytest.approx([200 / 3, 100 / 3, 100 / 3])
    # Reductions limited to 0 to 100: 20, 50, 70 against 0, 0, 100.
    assert value(result, "area_between") == pytest.approx(100 / 3 - 140 / 3)


def test_cumulative_responders_may_begin_with_an_increase():
    result = run(
        "cumulative_responders", study(responses(3, 9, 5, 9)), lowest_reduction=-50, step=50
    )
    assert list(shares(result, "placebo")) == ["-50%", "0%", "50%", "100%"]


def test_who_had_no_seizure_in_the_baseline_is_left_out_of_the_curves_and_named():
    data = study(responses(3, 9, 5, 9))
    data["adsl"].loc[0, ["BSCOUNT", "BSFREQ"]] = 0
    result = run("cumulative_responders", data)
    assert any("no seizure in the baseline" in note and "P00" in note for note in result.notes)
    assert value(result, "participants", group="placebo") == 8


def dropouts(**who: str):
    data = study(responses(4, 12, 9, 12))
    data["adsl"]["COMPLFL"] = ["N" if f"P{n:02d}" in who.values() else "Y" for n in range(24)]
    return data


def test_nobody_missing_is_said():
    result = run("tipping_point_responder", study(responses(4, 12, 9, 12)))
    assert any("Nobody is missing" in note for note in result.notes)
    assert value(result, "dropouts", group="active") == 0
    assert not [s for s in result.statistics if s.variable]


def test_completion_that_is_not_recorded_is_said():
    data = study({"placebo": [1.0, 0, 0, 0, math.nan], "active": [1.0, 1, 1, 0, 0]})
    data["adsl"]["COMPLFL"] = None
    result = run("tipping_point_responder", data)
    assert any("does not record who completed" in note for note in result.notes)
    assert value(result, "dropouts", group="placebo") == 1


def test_dropouts_are_those_who_did_not_complete_or_have_no_value():
    data = dropouts(a="P00", b="P11", c="P12")
    data["adsz"].loc[
        (data["adsz"]["USUBJID"] == "P05") & (data["adsz"]["PARAMCD"] == "RESP50"), "AVAL"
    ] = np.nan
    found = run("tipping_point_responder", data)
    assert value(found, "dropouts", group="placebo") == 3
    assert value(found, "known_responders", group="placebo") == 3
    found = run("tipping_point_responder", data, missing="no_value")
    assert value(found, "dropouts", group="placebo") == 1
    assert value(found, "dropouts", group="active") == 0


def test_the_tipping_point_is_in_the_words_of_its_note():
    """4 of 12 against 12 of 12: two dropouts of each arm."""
    data = study(responses(4, 12, 12, 12))
    data["adsl"]["COMPLFL"] = ["N"] * 2 + ["Y"] * 8 + ["N"] * 2 + ["N"] * 2 + ["Y"] * 10
    result = run("tipping_point_responder", data)
    note = next(s.note for s in result.statistics if s.name == "tipping_departure")
    # Known: 2 of 8 on placebo, 10 of 10 on the active arm; 4 of 12 against 12 of 12 in the end.
    assert "1 of 4 on Placebo, 2 of 2 on Active" in note
    assert "a better response" in note
    grid = [s for s in result.statistics if s.variable == "Responders among the dropouts"]
    assert len(grid) == 2 * 5 * 3


def test_all_dropouts_in_an_arm_are_refused():
    data = study(responses(4, 12, 9, 12))
    data["adsl"].loc[data["adsl"]["TRT01P"] == "active", "COMPLFL"] = "N"
    with pytest.raises(AnalysisError, match="no participant of Active has a known outcome"):
        run("tipping_point_responder", data)


def test_a_covariate_value_of_dropouts_alone_leaves_the_imputations_out():
    data = dropouts(a="P00", b="P12")
    data["adsl"]["SITE"] = [
        "X" if name in ("P00", "P12") else "Y" for name in data["adsl"]["USUBJID"]
    ]
    result = run("tipping_point_responder", data, ("SITE",))
    assert any("imputations are left out" in note for note in result.notes)
    assert [s for s in result.statistics if s.name == "tipping_departure"]


def test_the_number_of_rows_stays_readable_with_many_dropouts():
    data = study(
        {arm: [0.0, 1.0] * 40 for arm in ("placebo", "active")}, COMPLFL=["N", "N", "Y", "Y"] * 40
    )
    result = run("tipping_point_responder", data, imputations=5)
    assert len(result.statistics) < 150
    assert value(result, "assignments") == 41**2


def test_shifts_can_be_left_out_and_draws_repeat_with_the_seed():
    data = dropouts(a="P00", b="P12")
    assert not [
        s for s in run("tipping_point_responder", data, deltas=[]).statistics if s.level == "0"
    ]
    first, second = (run("tipping_point_responder", data).statistics for _ in range(2))
    assert repr(first) == repr(second)
