"""Cochran-Mantel-Haenszel test of responders over strata, with the common odds ratio."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import pandas as pd

from seizureflow.analysis import AnalysisResult, AnalysisSpec, Statistic
from seizureflow.methods.common_statistics import responder_counts
from seizureflow.proportions.interval import normal_quantile
from seizureflow.proportions.mantel_haenszel import MantelHaenszel, mantel_haenszel
from seizureflow.proportions.strata import count_by_stratum, stratified_rows
from seizureflow.proportions.stratum_report import stratum_notes, stratum_statistics


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Compare each arm with the reference within strata.

    The test supposes no model; the common odds ratio supposes that it is the same in all strata,
    which the test of Breslow and Day, with Tarone's correction, questions.

    Args:
        spec: The analysis; its endpoint is a responder flag. Options ``strata`` and
            ``continuity_correction``.
        data: Tables ``adsl`` and ``adsz``.

    Raises:
        AnalysisError: A variable of the strata does not exist.

    Source:
        See :func:`seizureflow.proportions.mantel_haenszel.mantel_haenszel`.
    """
    strata = tuple(spec.options.get("strata", ()))
    correction = bool(spec.options.get("continuity_correction", False))
    rows = stratified_rows(data, spec, strata)
    statistics, notes = responder_counts(rows, spec), list(rows.notes)
    for arm in spec.arms[1:]:
        counts = count_by_stratum(rows.frame, arm.id, spec.reference.id)
        found = mantel_haenszel(counts, correction=correction)
        statistics += _statistics(found, arm.id, spec, correction)
        notes += stratum_notes(counts, arm, spec.reference)
    statistics += stratum_statistics(rows.frame, strata, spec)
    return AnalysisResult(tuple(statistics), notes=tuple(notes))


def _statistics(
    found: MantelHaenszel, arm: str, spec: AnalysisSpec, correction: bool
) -> Iterable[Statistic]:
    half = normal_quantile(spec.confidence_level) * found.log_odds_ratio_se
    log_ratio = math.log(found.odds_ratio) if 0 < found.odds_ratio < math.inf else math.nan
    numbers = (
        ("odds_ratio", "Odds ratio (Mantel-Haenszel)", found.odds_ratio),
        ("odds_ratio_lower", "Lower limit of the odds ratio", math.exp(log_ratio - half)),
        ("odds_ratio_upper", "Upper limit of the odds ratio", math.exp(log_ratio + half)),
        ("log_odds_ratio", "Log odds ratio", log_ratio),
        (
            "log_odds_ratio_se",
            "Standard error of the log odds ratio",
            found.log_odds_ratio_se,
        ),
        (
            "chi_square",
            f"Cochran-Mantel-Haenszel statistic{_corrected(correction)}",
            found.chi_square,
        ),
        ("p_value", "p", found.p_value),
        ("breslow_day", "Breslow-Day statistic with Tarone's correction", found.homogeneity),
        ("breslow_day_df", "Degrees of freedom of that statistic", float(found.homogeneity_df)),
        ("breslow_day_p", "p of the homogeneity of the odds ratios", found.homogeneity_p),
    )
    for name, label, value in numbers:
        note = None if math.isfinite(value) else _why_missing(name, found)
        yield Statistic(name, label, value, group=arm, reference=spec.reference.id, note=note)


def _corrected(correction: bool) -> str:
    return ", with continuity correction" if correction else ""


def _why_missing(name: str, found: MantelHaenszel) -> str:
    if name in ("chi_square", "p_value"):
        return "No stratum has both arms and both outcomes: there is nothing to test."
    if math.isnan(found.odds_ratio):
        return "No stratum has both arms and both outcomes: there is no odds ratio."
    if name.startswith("breslow_day") and 0 < found.odds_ratio < math.inf:
        return "Fewer than two strata tell of the odds ratio: homogeneity cannot be tested."
    side = "0" if found.odds_ratio == 0 else "infinite"
    return (
        f"The odds ratio is {side}, because no stratum has a responder of one arm together with a "
        "non-responder of the other: it has no limits. The test stands."
    )
