"""Exact unconditional tests of responders, with the exact interval of the risk difference."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from seizureflow.analysis import AnalysisResult, AnalysisSpec, Statistic
from seizureflow.methods.common_statistics import responder_counts
from seizureflow.problems import AnalysisError
from seizureflow.proportions.risk_difference import weighted_risks
from seizureflow.proportions.strata import StratifiedCounts, count_by_stratum, stratified_rows
from seizureflow.proportions.unconditional import barnard_p, boschloo_p, exact_interval

# More tables than that take minutes, and with so many participants the tests without enumeration
# are as good.
_MOST_TABLES = 50_000


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Compare each arm with the reference by Boschloo's and Barnard's tests.

    Neither holds the number of all responders fixed, as Fisher's test does; Boschloo's is never
    less powerful than Fisher's. The interval inverts two one-sided exact tests of the score
    statistic (Chan and Zhang); its coverage is at least the level, and it need not exclude 0
    exactly when a test rejects.

    Args:
        spec: The analysis; its endpoint is a responder flag. Option ``test``.
        data: Tables ``adsl`` and ``adsz``.

    Raises:
        AnalysisError: The arms are too large to enumerate their tables.

    Source:
        See :mod:`seizureflow.proportions.unconditional`.
    """
    chosen = spec.options.get("test", "boschloo")
    rows = stratified_rows(data, spec, ())
    statistics = responder_counts(rows, spec)
    for arm in spec.arms[1:]:
        counts = count_by_stratum(rows.frame, arm.id, spec.reference.id)
        _refuse_large(counts, spec)
        tests = {"boschloo": boschloo_p(counts), "barnard": barnard_p(counts)}
        interval = exact_interval(counts, spec.confidence_level)
        one = counts.participants / counts.participants
        numbers = (
            ("risk_difference", "Risk difference", weighted_risks(counts, one).difference),
            ("risk_difference_lower", "Lower limit of the risk difference", interval.lower),
            ("risk_difference_upper", "Upper limit of the risk difference", interval.upper),
            ("p_value", f"p ({chosen.capitalize()})", tests[chosen]),
            ("boschloo_p", "p of Boschloo's test", tests["boschloo"]),
            ("barnard_p", "p of Barnard's test", tests["barnard"]),
        )
        statistics += [
            Statistic(name, label, value, group=arm.id, reference=spec.reference.id)
            for name, label, value in numbers
        ]
    return AnalysisResult(tuple(statistics), notes=rows.notes)


def _refuse_large(counts: StratifiedCounts, spec: AnalysisSpec) -> None:
    tables = (counts.participants[0] + 1) * (counts.reference_participants[0] + 1)
    if tables > _MOST_TABLES:
        raise AnalysisError(
            f"Analysis {spec.id}: the arms can give {int(tables)} tables, too many to enumerate. "
            "Use the methods risk_difference or fisher_exact; with so many participants they are "
            "as good."
        )
