"""Every method of the shipped plan answers degenerate data, or says why not, without a warning."""

import math
import warnings
from copy import deepcopy
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from seizureflow.analysis import AnalysisResult, AnalysisSpec, Arm
from seizureflow.methods import run_method
from seizureflow.methods.common_statistics import relative_change
from seizureflow.plans import analysis_plan, needed_results
from seizureflow.problems import AnalysisError
from seizureflow.protocol import Protocol, load_protocol
from seizureflow.provenance import Trace
from seizureflow.registry import FAMILIES, METHODS
from seizureflow.results import results_frame
from unit.methods.degenerate_trial import VARIANTS, VISITS, Tables, ordinary_trial

ROOT = Path(__file__).parents[3]
SETTINGS = {"confidence_level": 0.95, "seed": 1}
TRACE = Trace("d" * 64, "p" * 64, "c" * 64, "python 3", None)
# Options that say how often something is done.
REPEATED = {
    "draws",
    "samples",
    "permutations",
    "imputations",
    "bootstrap_samples",
    "quadrature_points",
}
GRID = {
    "model": ["ancova", {"covariance": ["cs"]}, "negative_binomial", "quasi_poisson"],
    "offset": [{"post": 0.2, "baseline": 0}],
    "window": ["weeks_8_24"],
    "baseline": ["whole", "last_4_weeks"],
    "covariates": [["LBSFREQ", "STRUCTFL"]],
    "population": ["full"],
    "missing_data": ["observed", "baseline_imputed"],
    "outliers": ["keep", "winsorise"],
}
AN_ANSWER_IS_DUE = ("nothing_degenerate", "no_dropouts", "one_site")
# Refused there for what it is: it varies what happened after dropping out.
NOTHING_TO_VARY = ("tipping_point_count", "no_dropouts")


@cache
def protocol() -> Protocol:
    """The shipped protocol."""
    return load_protocol(ROOT / "studies" / "opus", ROOT / "schemas")


def representatives() -> dict[str, str]:
    """The first analysis of every method in the plan."""
    first: dict[str, str] = {}
    for entry in protocol().analyses:
        first.setdefault(entry["method"], entry["id"])
    return first


def plan_of(identifier: str, variant: str) -> dict:
    """The plan of an analysis with as few repetitions and visits as the variant has."""
    plan = deepcopy(analysis_plan(protocol(), identifier, SETTINGS))
    options = plan["analysis"].get("options", {})
    needs = METHODS[plan["analysis"]["method"]].options
    # Fewest that the schema allows: the numbers are not looked at here.
    for name in REPEATED & options.keys():
        options[name] = needs[name]["minimum"]
    if "grid" in options:
        options["grid"] = GRID
    for entry in (
        (plan, *([plan["repeated"]] if "repeated" in plan else []))
        if variant == "single_visit"
        else ()
    ):
        entry["visits"] = [VISITS[-1]]
        if "earlier_visits" in entry["analysis"].get("options", {}):
            entry["analysis"]["options"]["earlier_visits"] = []
        if "visit_days" in entry:
            entry["visit_days"] = entry["visit_days"][-1:]
    return plan


@cache
def datasets(variant: str) -> Tables:
    """The datasets of a variant."""
    return VARIANTS[variant](ordinary_trial())


def answer(identifier: str, variant: str) -> AnalysisResult:
    """What an analysis says of a variant; numpy's and other warnings are errors."""
    plan = plan_of(identifier, variant)
    read = {f"results_{i}": results(i, variant) for i in needed_results(protocol(), identifier)}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return run_method(plan["analysis"]["method"], plan, datasets(variant) | read)


@cache
def results(identifier: str, variant: str) -> pd.DataFrame:
    """The rows of an analysis, as the workflow writes them where there is no answer too."""
    try:
        result = answer(identifier, variant)
    except AnalysisError as error:
        result = AnalysisResult((), converged=False, notes=(f"Not computed. {error}",))
    return results_frame("made_up", protocol().analysis(identifier), result, TRACE, "unblinded")


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("method", representatives())
def test_an_answer_or_a_reason(method, variant):
    try:
        result = answer(representatives()[method], variant)
    except AnalysisError as error:
        reason = str(error)
    else:
        _assert_nothing_is_silent(result)
        return
    assert variant not in AN_ANSWER_IS_DUE or (method, variant) == NOTHING_TO_VARY
    assert len(reason) >= 20


def _assert_nothing_is_silent(result: AnalysisResult) -> None:
    assert result.statistics or result.notes
    silent = [
        (s.name, s.group, s.variable, s.level, s.visit)
        for s in result.statistics
        if math.isnan(s.value) and s.text is None and s.note is None
    ]
    assert not silent or (result.converged is False and result.notes)
    unexplained = [s for s in result.statistics if math.isinf(s.value) and s.note is None]
    assert not unexplained


@pytest.mark.parametrize(("log_ratio", "percent"), [(710.0, math.inf), (0.0, 0.0), (-800.0, -100)])
def test_a_ratio_too_large_for_the_machine_is_infinite_and_says_so(log_ratio, percent):
    arms = (Arm("placebo", "Placebo"), Arm("active", "Active"))
    spec = AnalysisSpec("x", "full", arms)
    upper = relative_change(0.0, -1.0, log_ratio, "active", spec)[-1]
    assert upper.value == percent
    assert (upper.note is None) == math.isfinite(percent)


def test_every_method_is_tried_but_those_that_the_plan_lacks():
    # The shipped plan has no laboratory; test_measurements.py tries the methods of that family.
    lacking = {"poisson_mixed", *FAMILIES["measurements"]}
    assert set(METHODS) - set(representatives()) == lacking
