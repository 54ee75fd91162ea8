"""Subgroups: who is in which, the estimates, and the tests of interaction."""

import math

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from scipy import stats
from seizureflow.analysis import analysis_rows, build_spec
from seizureflow.methods import run_method
from seizureflow.problems import AnalysisError
from seizureflow.registry import METHODS
from seizureflow.subgroups.estimates import without_constant_covariates
from seizureflow.subgroups.groups import groupings
from seizureflow.subgroups.interaction import cochran_q
from statsmodels.stats.anova import anova_lm

ARMS = [{"id": "placebo", "label": "Placebo"}, {"id": "active", "label": "Active"}]
THIRD = {"id": "high", "label": "High"}


def trial(size=60, arms=ARMS, seed=4):
    """ADSL and ADSZ in which the effect is larger in the subgroup FLAG = Y."""
    rng = np.random.default_rng(seed)
    arm = np.arange(size) % len(arms)
    flag = rng.random(size) < 0.5
    baseline = rng.normal(2, 0.6, size)
    log_count = baseline + 1.1 - 0.4 * (arm > 0) - 0.5 * (arm > 0) * flag
    count = rng.negative_binomial(2, 2 / (2 + np.exp(log_count))).astype(float)
    people = pd.DataFrame(
        {
            "USUBJID": [f"P{number:03d}" for number in range(size)],
            "TRT01P": [arms[place]["id"] for place in arm],
            "FASFL": "Y",
            "SITEID": rng.integers(1, 12, size).astype(str),
            "AGE": rng.integers(18, 76, size).astype(float),
            "SEX": np.where(rng.random(size) < 0.5, "F", "M"),
            "FLAG": np.where(flag, "Y", "N"),
            "LBSFREQ": baseline,
        }
    )
    parameters = {
        "SZCOUNT": {"AVAL": count},
        "SZDAYS": {"AVAL": 84.0},
        "SZFREQ": {"AVAL": count / 3, "PCHG": 0.0},
        "LOGCHG": {"CHG": np.log(count / 3 + 0.2) - baseline},
        "RESP50": {"AVAL": (count / 3 <= np.exp(baseline) / 2).astype(float)},
    }
    adsz = pd.concat(
        [
            pd.DataFrame({"USUBJID": people["USUBJID"], "PARAMCD": code, "AVISIT": "w"} | values)
            for code, values in parameters.items()
        ],
        ignore_index=True,
    )
    return {"adsl": people, "adsz": adsz}


REPEATED = {
    "ancova": ("LOGCHG", "log_change"),
    "logistic": ("RESP50", "responder"),
    "negative_binomial": (None, None),
}


def plan_of(by, method="ancova", covariates=("LBSFREQ",), arms=ARMS, minimum=5):
    endpoint, kind = REPEATED[method]
    common = {
        "arms": arms,
        "visits": [],
        "labels": {},
        "frequency_days": 28,
        "confidence_level": 0.95,
    }
    repeated = common | {
        "analysis": {
            "id": "inner",
            "population": "full",
            "window": "w",
            "method": method,
            "covariates": list(covariates),
        }
        | ({"endpoint": endpoint} if endpoint else {}),
        "endpoint_kind": kind,
    }
    options = {"repeats": "inner", "by": by, "minimum_per_arm": minimum}
    entry = {"id": "sub", "population": "full", "method": "subgroups", "options": options}
    return common | {"analysis": entry, "repeated": repeated}


def run(data, by, **settings):
    return run_method("subgroups", plan_of(by, **settings), data)


def numbers(result):
    return {(s.name, s.group, s.variable, s.level): s.value for s in result.statistics}


def test_every_subgroup_is_the_analysis_of_its_participants():
    data = trial()
    found = numbers(run(data, [{"variable": "SEX"}]))
    inner = plan_of([])["repeated"]
    for level in (None, "F", "M"):
        own = data["adsl"] if level is None else data["adsl"][data["adsl"]["SEX"] == level]
        alone = numbers(run_method("ancova", inner, data | {"adsl": own}))
        variable = None if level is None else "SEX"
        for name in ("relative_change", "relative_change_lower", "relative_change_upper"):
            key = (name, "active", variable, level)
            assert found[key] == alone[name, "active", None, None]
        for arm in ("placebo", "active"):
            size = found["participants", arm, variable, level]
            assert size == (own["TRT01P"] == arm).sum()


@pytest.mark.parametrize("covariates", [("LBSFREQ",), ("LBSFREQ", "FLAG"), ()])
def test_the_f_of_the_interaction_is_that_of_anova(covariates):
    data = trial()
    result = run(
        data, [{"variable": "FLAG"}, {"variable": "AGE", "cuts": [30, 50]}], covariates=covariates
    )
    found = numbers(result)
    rows = analysis_rows(
        data, build_spec(plan_of([], covariates=covariates)["repeated"]), "CHG"
    ).frame
    people = data["adsl"].set_index("USUBJID")
    groups = {"FLAG": people["FLAG"], "AGE": pd.cut(people["AGE"], [0, 29.9, 49.9, 99]).astype(str)}
    for variable, group in groups.items():
        frame = rows[["OUTCOME", "ARM", *covariates]].assign(GROUP=rows["USUBJID"].map(group))
        terms = ["ARM", *(c for c in covariates if c != variable)]
        if variable != "FLAG" or "FLAG" in covariates:
            frame["FLAG"] = rows["USUBJID"].map(people["FLAG"])
        base = f"OUTCOME ~ {' + '.join(terms)} + GROUP"
        table = anova_lm(smf.ols(base, frame).fit(), smf.ols(f"{base} + ARM:GROUP", frame).fit())
        place = ("active", variable, None)
        assert found["interaction_f", *place] == pytest.approx(table["F"][1], rel=1e-9)
        assert found["interaction_p", *place] == pytest.approx(table["Pr(>F)"][1], rel=1e-9)
        assert found["interaction_df", *place] == table["df_diff"][1]
        assert found["interaction_residual_df", *place] == table["df_resid"][1]


def test_the_likelihood_ratio_of_the_interaction_is_that_of_statsmodels():
    data = trial(size=120)
    found = numbers(run(data, [{"variable": "FLAG"}], method="logistic"))
    rows = analysis_rows(data, build_spec(plan_of([], method="logistic")["repeated"]), "AVAL").frame
    rows["FLAG"] = rows["USUBJID"].map(data["adsl"].set_index("USUBJID")["FLAG"])
    without, with_it = (
        smf.logit(f"OUTCOME ~ LBSFREQ + {terms}", rows).fit(disp=0, tol=1e-12)
        for terms in ("ARM + FLAG", "ARM * FLAG")
    )
    value = 2 * (with_it.llf - without.llf)
    assert found["interaction_chi_square", "active", "FLAG", None] == pytest.approx(value, rel=1e-9)
    p = stats.chi2.sf(value, 1)
    assert found["interaction_p", "active", "FLAG", None] == pytest.approx(p, rel=1e-9)
    assert ("odds_ratio", "active", "FLAG", "Y") in found


def test_cochran_q_by_hand():
    """Estimates 0 and 1 with errors 1 and 0.5: weights 1 and 4, mean 0.8, Q 0.64 + 0.16 = 0.8."""
    test = cochran_q(np.array([0.0, 1.0, np.nan]), np.array([1.0, 0.5, 0.3]))
    assert test.value == pytest.approx(0.8)
    assert (test.df, test.p) == (1, pytest.approx(stats.chi2.sf(0.8, 1)))


def test_other_methods_are_tested_by_the_heterogeneity_of_their_estimates():
    data = trial(size=120)
    result = run(data, [{"variable": "FLAG"}], method="negative_binomial")
    found = numbers(result)
    inner = plan_of([], method="negative_binomial")["repeated"]
    parts = []
    for level in ("N", "Y"):
        people = data["adsl"][data["adsl"]["FLAG"] == level]
        alone = numbers(run_method("negative_binomial", inner, data | {"adsl": people}))
        parts.append(
            [alone[n, "active", None, None] for n in ("log_rate_ratio", "log_rate_ratio_se")]
        )
    (one, se_one), (two, se_two) = parts
    expected = (one - two) ** 2 / (se_one**2 + se_two**2)  # Q of two estimates
    assert found["interaction_chi_square", "active", "FLAG", None] == pytest.approx(expected)
    assert any("Cochran's Q" in note for note in result.notes)


def test_three_arms_have_an_estimate_and_a_test_each():
    arms = [*ARMS, THIRD]
    data = trial(size=120, arms=arms)
    found = numbers(run(data, [{"variable": "FLAG"}], arms=arms))
    rows = analysis_rows(data, build_spec(plan_of([], arms=arms)["repeated"]), "CHG").frame
    rows["FLAG"] = rows["USUBJID"].map(data["adsl"].set_index("USUBJID")["FLAG"])
    fit = smf.ols("OUTCOME ~ LBSFREQ + ARM * FLAG", rows).fit()
    for arm in ("active", "high"):
        p = fit.pvalues[f"ARM[T.{arm}]:FLAG[T.Y]"]  # of one coefficient F is t squared
        assert found["interaction_p", arm, "FLAG", None] == pytest.approx(p, rel=1e-9)
        assert math.isfinite(found["relative_change", arm, "FLAG", "Y"])


def people(**columns):
    size = len(next(iter(columns.values())))
    return pd.DataFrame({"USUBJID": [str(number) for number in range(size)]} | columns)


@pytest.mark.parametrize(
    ("entry", "values", "expected"),
    [
        ({"cuts": [40]}, [39.9, 40, 70], ["less than 40", "40 or more", "40 or more"]),
        ({"cuts": [60, 20]}, [10, 20, 60], ["less than 20", "20 to less than 60", "60 or more"]),
        ({"cuts": "median"}, [1, 2, 3, 4], ["less than 2.5"] * 2 + ["2.5 or more"] * 2),
        ({"cuts": "median"}, [5, 5, 5, 5], ["5 or more"] * 4),
        ({}, [2, 1, 2, 3], ["2", "1", "2", "3"]),
        ({"cuts": [40]}, [39, np.nan], ["less than 40", None]),
        ({}, ["Y", "N", None], ["Y", "N", None]),
    ],
)
def test_participants_are_divided(entry, values, expected):
    grouping = groupings(people(X=values), [{"variable": "X"} | entry])[0]
    assert grouping.level.astype(object).where(grouping.level.notna(), None).tolist() == expected
    occurring = [level for level in dict.fromkeys(expected) if level]
    assert sorted(grouping.levels) == sorted(occurring)


def test_tertiles_are_of_all_participants():
    grouping = groupings(people(X=np.arange(9.0)), [{"variable": "X", "cuts": "tertiles"}])[0]
    assert grouping.level.value_counts().tolist() == [3, 3, 3]


def test_the_size_of_the_site_is_its_number_of_participants():
    frame = people(SITEID=["a", "a", "a", "b"])
    grouping = groupings(frame, [{"variable": "SITESIZE", "cuts": [2]}])[0]
    assert grouping.level.tolist() == ["2 or more"] * 3 + ["less than 2"]


def test_all_that_is_wrong_with_the_variables_is_told():
    frame = people(SEX=["F", "M"] * 5, AGE=np.arange(10.0))
    by = [{"variable": "GONE"}, {"variable": "SEX", "cuts": [3]}, {"variable": "AGE"}]
    with pytest.raises(AnalysisError) as error:
        groupings(frame, by)
    for words in ("no variable GONE", "SEX is no number", "AGE has 10 values: give cuts"):
        assert words in str(error.value)


def test_a_constant_covariate_is_left_out_and_said():
    plan = plan_of([], covariates=("LBSFREQ", "FLAG"))["repeated"]
    plan["analysis"]["options"] = {"covariates_by_visit": ["FLAG"]}
    changed, dropped = without_constant_covariates(plan, people(LBSFREQ=[1, 2], FLAG=["Y", "Y"]))
    assert dropped == ("FLAG",)
    assert changed["analysis"]["covariates"] == ["LBSFREQ"]
    assert changed["analysis"]["options"] == {"covariates_by_visit": []}
    result = run(trial(), [{"variable": "FLAG"}], covariates=("LBSFREQ", "FLAG"))
    notes = {s.note for s in result.statistics if s.name == "relative_change" and s.level}
    assert notes == {"Without the covariate FLAG, which is the same for all."}


def degenerate(what):
    data = trial()
    adsl, adsz = data["adsl"], data["adsz"]
    if what == "a tiny subgroup":
        adsl["FLAG"] = ["Y"] * 4 + ["N"] * 56
    elif what == "a subgroup of one arm":
        adsl["FLAG"] = np.where(adsl["TRT01P"] == "active", "Y", "N")
    elif what == "one subgroup":
        adsl["FLAG"] = "Y"
    elif what == "nobody known":
        adsl["FLAG"] = pd.Series([None] * len(adsl), dtype="str")
    elif what == "some not known":
        adsl.loc[:5, "FLAG"] = np.nan
    elif what == "all outcomes equal":
        adsz["CHG"], adsz.loc[adsz["PARAMCD"] == "RESP50", "AVAL"] = -1.0, 1.0
        adsz.loc[adsz["PARAMCD"] == "SZCOUNT", "AVAL"] = 5.0
    elif what == "no seizure in a subgroup":
        own = adsl.loc[adsl["FLAG"] == "Y", "USUBJID"]
        rows = adsz["USUBJID"].isin(own) & adsz["PARAMCD"].isin(["SZCOUNT", "SZFREQ"])
        adsz.loc[rows, "AVAL"] = 0.0
    return data


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("method", REPEATED)
@pytest.mark.parametrize(
    "what",
    [
        "a tiny subgroup",
        "a subgroup of one arm",
        "one subgroup",
        "nobody known",
        "some not known",
        "all outcomes equal",
        "no seizure in a subgroup",
    ],
)
def test_degenerate_subgroups_are_answered_or_explained(what, method):
    data = degenerate(what)
    covariates = () if what == "all outcomes equal" else ("LBSFREQ",)
    try:
        result = run(data, [{"variable": "FLAG"}], method=method, covariates=covariates)
    except AnalysisError:
        assert what == "all outcomes equal"
        return
    assert all(math.isfinite(s.value) or s.note for s in result.statistics)
    if what == "a tiny subgroup":
        notes = [s.note for s in result.statistics if s.level == "Y" and s.note]
        assert notes == [
            "Not computed: fewer than 5 participants in an arm (Placebo has 2, Active has 2)."
        ]
    if what == "some not known":
        assert any(
            note.startswith("6 of 60 participants are in no subgroup") for note in result.notes
        )


def test_subgroups_have_no_line_in_the_forest_of_all_analyses():
    assert METHODS["subgroups"].measure("log_change") is None
