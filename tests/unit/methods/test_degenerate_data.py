"""Data that admit no answer: each method answers or says why, and no number is silently missing."""

import math

import numpy as np
import pandas as pd
import pytest
from seizureflow.analysis import AnalysisSpec, Arm
from seizureflow.methods import load_method
from seizureflow.problems import AnalysisError

RESPONSE_METHODS = ("logistic", "fisher_exact", "responder_summary")


def study(counts: dict[str, list[int]], responders: dict[str, list[int]] | None = None, **columns):
    """ADSL and ADSZ with the given counts per 28 days, by arm."""
    rows = [(arm, count) for arm, values in counts.items() for count in values]
    people = pd.DataFrame(rows, columns=["TRT01P", "COUNT"])
    people["USUBJID"] = [f"P{number:02d}" for number in range(len(people))]
    people = people.assign(FASFL="Y", LBSFREQ=np.linspace(1, 2, len(people)), **columns)
    reached = [flag for values in (responders or {}).values() for flag in values]
    parameters = {
        "SZCOUNT": {"AVAL": people["COUNT"].astype(float)},
        "SZDAYS": {"AVAL": 28.0},
        "SZFREQ": {"AVAL": people["COUNT"].astype(float), "PCHG": 0.0},
        "LOGCHG": {"CHG": np.log(people["COUNT"] + 0.2) - 1},
        "RESP50": {"AVAL": np.array(reached or [0.0] * len(people), dtype=float)},
    }
    adsz = pd.concat(
        [
            pd.DataFrame({"USUBJID": people["USUBJID"], "PARAMCD": code, "AVISIT": "w"} | values)
            for code, values in parameters.items()
        ],
        ignore_index=True,
    )
    return {"adsl": people, "adsz": adsz}


def run(method: str, data, covariates: tuple[str, ...] = (), **options):
    endpoint = {"ancova": "LOGCHG", "negative_binomial": None, "percent_change_summary": None}
    spec = AnalysisSpec(
        id="x",
        population="full",
        arms=(Arm("placebo", "Placebo"), Arm("active", "Active")),
        endpoint=endpoint.get(method, "RESP50"),
        window="w",
        covariates=covariates,
        options=options,
    )
    return load_method(method)(spec, data)


def numbers(result) -> dict[tuple[str, str | None], float]:
    return {(s.name, s.group): s.value for s in result.statistics}


COUNTS = {"placebo": [4, 7, 2, 9, 5, 3], "active": [3, 1, 6, 2, 2, 4]}


@pytest.mark.parametrize("responders", [[0] * 12, [1] * 12, [0] * 6 + [1] * 6])
def test_logistic_without_a_finite_odds_ratio_is_penalised_and_says_so(responders):
    """Firth's estimate of a 2 x 2 table is that of the table with 1/2 added to each cell."""
    data = study(COUNTS, {"all": responders})
    result = run("logistic", data)
    assert any("No finite odds ratio" in note and "Firth" in note for note in result.notes)
    control, active = sum(responders[:6]) + 0.5, sum(responders[6:]) + 0.5
    expected = active / (7 - active) / (control / (7 - control))
    found = numbers(result)
    assert found["odds_ratio", "active"] == pytest.approx(expected, rel=1e-8)
    assert 0 < found["odds_ratio_lower", "active"] < expected < found["odds_ratio_upper", "active"]
    assert found["responders", "active"] == sum(responders[6:])
    assert next(s.text for s in result.statistics if s.name == "estimator").startswith("Firth")


def test_logistic_that_must_not_be_penalised_has_no_odds_ratio_under_separation():
    data = study(COUNTS, {"all": [0] * 6 + [1] * 6})
    result = run("logistic", data, firth="never")
    assert result.converged is False
    assert any("No finite odds ratio" in note for note in result.notes)
    assert math.isnan(numbers(result)["odds_ratio", "active"])


def test_logistic_notices_separation_by_a_covariate():
    """All with a high baseline respond and no other does, whatever their arm."""
    data = study(COUNTS, {"all": [0, 0, 0, 1, 1, 1] * 2}, STRUCTFL=list("NNNYYY") * 2)
    result = run("logistic", data, ("STRUCTFL",))
    assert any("completely separated" in note for note in result.notes)
    assert any("STRUCTFL[T.Y]" in note for note in result.notes)
    assert numbers(result)["odds_ratio", "active"] == pytest.approx(1, abs=1e-8)


def test_fisher_with_no_responder_at_all_has_p_1():
    found = numbers(run("fisher_exact", study(COUNTS)))
    assert found["p_value", "active"] == 1
    assert found["responders", "placebo"] == 0


def test_negative_binomial_without_seizures_in_an_arm():
    with pytest.raises(AnalysisError, match="Active had no seizure in the window"):
        run("negative_binomial", study({"placebo": [3, 4, 2], "active": [0, 0, 0]}))


def test_negative_binomial_of_counts_without_overdispersion_is_marked():
    result = run("negative_binomial", study({"placebo": [5] * 6, "active": [3] * 6}))
    assert any("no more variable than Poisson" in note for note in result.notes)
    assert numbers(result)["rate_ratio", "active"] == pytest.approx(0.6, rel=1e-6)


def test_an_empty_arm_is_named():
    data = study({"placebo": [3, 4], "active": []})
    with pytest.raises(AnalysisError, match="no participant of Active"):
        run("ancova", data)


def test_covariates_that_say_the_same_are_named():
    flags = list("NY") * 6
    data = study(COUNTS, STRUCTFL=flags, COPYFL=flags)
    with pytest.raises(AnalysisError, match=r"COPYFL\[T.Y\] cannot be told apart"):
        run("ancova", data, ("STRUCTFL", "COPYFL"))


def test_too_few_participants_for_the_model():
    data = study({"placebo": [3], "active": [4]})
    with pytest.raises(AnalysisError, match="2 participants are too few for 2 coefficients"):
        run("ancova", data)


def test_participants_left_out_are_named():
    data = study(COUNTS)
    data["adsl"].loc[2, "LBSFREQ"] = np.nan
    result = run("ancova", data, ("LBSFREQ",))
    assert result.notes == ("1 of 12 participants left out for want of LBSFREQ: P02.",)
    assert numbers(result)["participants", "placebo"] == 5


@pytest.mark.parametrize("method", ["ancova", "percent_change_summary", *RESPONSE_METHODS])
def test_participants_without_recorded_days_are_named(method):
    data = study(COUNTS, {"all": [0, 1] * 6})
    gone = data["adsz"]["USUBJID"] == "P00"
    data["adsz"].loc[gone, ["AVAL", "CHG"]] = np.nan
    result = run(method, data)
    assert "recorded days in the window: P00" in result.notes[0]


def test_three_arms_are_each_compared_with_the_reference():
    counts = COUNTS | {"high": [1, 2, 1, 1, 3, 2]}
    data = study(counts)
    spec = AnalysisSpec(
        id="x",
        population="full",
        arms=(Arm("placebo", ""), Arm("active", ""), Arm("high", "")),
        endpoint="LOGCHG",
        window="w",
    )
    found = numbers(load_method("ancova")(spec, data))
    means = {arm: np.mean(np.log(np.array(values) + 0.2) - 1) for arm, values in counts.items()}
    for arm in ("active", "high"):
        assert found["difference", arm] == pytest.approx(means[arm] - means["placebo"], rel=1e-12)
