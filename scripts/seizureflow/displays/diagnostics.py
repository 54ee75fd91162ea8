"""What tells whether a mixed model can be trusted: its fit, its covariance, its residuals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from seizureflow.covariance_names import COVARIANCE_WORDS
from seizureflow.displays.labels import Labels
from seizureflow.displays.tables import Family, Row, Table, compose
from seizureflow.displays.values import Cell, Result, Results, distinct, number
from seizureflow.displays.words import listed, lower_first, upper_first

Entry = dict[str, Any]

_COVARIANCES = ("visit_sd", "visit_covariance", "visit_correlation")
_RESIDUALS = {
    "residual_sd": "Standard deviation",
    "residual_skewness": "Skewness",
    "residual_largest": "Largest absolute value",
}
_QUANTILES = ("residual_quantile", "normal_quantile")
_FIT = ("covariance_structure", "iterations", "log_likelihood")


@dataclass(frozen=True)
class Diagnostics:
    """The diagnostics of a mixed model.

    Attributes:
        facts: Convergence and covariance, each with its name.
        matrices: Correlations with standard deviations, and covariances.
        residuals: Spread and shape of the residuals.
        quantiles: Their quantiles beside the normal ones.
    """

    facts: tuple[tuple[str, Cell], ...]
    matrices: tuple[Table, ...]
    residuals: Table
    quantiles: Table


def is_diagnostic(rows: list[Result]) -> bool:
    """Whether the rows of an analysis hold the diagnostics of a mixed model."""
    return any(row.statistic == "visit_correlation" for row in rows)


def other_rows(rows: list[Result]) -> list[Result]:
    """The rows that the diagnostics do not show."""
    shown = {*_COVARIANCES, *_RESIDUALS, *_QUANTILES, *_FIT}
    shown |= {f"{name}{end}" for name in _QUANTILES for end in ("_lower", "_upper")}
    return [row for row in rows if row.statistic not in shown]


def diagnostics(results: Results, entry: Entry, labels: Labels, level: str) -> Diagnostics:
    """Lay out the diagnostics of an analysis that has them, see :func:`is_diagnostic`.

    Args:
        results: Results of the study.
        entry: The analysis's entry of the protocol.
        labels: Labels of the study.
        level: Confidence level in words.
    """
    rows = results.of(entry["id"])
    return Diagnostics(
        _facts(results, entry),
        (_correlations(rows, labels), _covariances(rows, labels)),
        _residuals(rows, labels),
        _quantiles(rows, level),
    )


def _facts(results: Results, entry: Entry) -> tuple[tuple[str, Cell], ...]:
    found = {name: results.having(entry["id"], name)[0] for name in _FIT}
    reached = "Converged" if results.converged(entry["id"]) else "Did not converge"
    used = str(found["covariance_structure"].text)
    planned = list(entry["options"]["covariance"])
    failed = [COVARIANCE_WORDS[name] for name in planned[: planned.index(used)]]
    before = f"tried before and failed: {listed(failed)}" if failed else "the plan's first choice"
    return (
        (
            "Convergence",
            (
                f"{reached}; Newton iterations: ",
                number(found["iterations"]),
                "; restricted log-likelihood: ",
                number(found["log_likelihood"]),
            ),
        ),
        (
            "Covariance used",
            (
                f"{upper_first(COVARIANCE_WORDS[used])} (",
                number(found["covariance_structure"]),
                f"), {before}",
            ),
        ),
    )


def _correlations(rows: list[Result], labels: Labels) -> Table:
    """Correlations below the diagonal, standard deviations on it."""
    cells = _pairs(rows, "visit_correlation")
    cells |= {(r.visit, r.visit): (number(r),) for r in rows if r.statistic == "visit_sd"}
    caption = "Correlations between visits; standard deviations on the diagonal"
    return _matrix(cells, caption, labels)


def _covariances(rows: list[Result], labels: Labels) -> Table:
    """Covariances below the diagonal, variances on it."""
    caption = "Covariances between visits; variances on the diagonal"
    return _matrix(_pairs(rows, "visit_covariance"), caption, labels)


def _pairs(rows: list[Result], statistic: str) -> dict[tuple[str | None, str | None], Cell]:
    return {(r.variable, r.level): (number(r),) for r in rows if r.statistic == statistic}


def _matrix(
    cells: dict[tuple[str | None, str | None], Cell], caption: str, labels: Labels
) -> Table:
    visits = distinct(row for row, _ in cells)
    body = [
        Row(labels.window(row), tuple(cells.get((row, column), ()) for column in visits))
        for row in visits
    ]
    return Table(caption, "Visit", tuple((labels.window(visit),) for visit in visits), tuple(body))


def _residuals(rows: list[Result], labels: Labels) -> Table:
    """Standard deviation of the residuals at every visit and over all, and their shape."""
    chosen = [row for row in rows if row.statistic in _RESIDUALS]
    body = [Row(_residual_name(row, labels), ((number(row),),)) for row in chosen]
    return Table("Normalised residuals", "Statistic", (("Value",),), tuple(body))


def _residual_name(row: Result, labels: Labels) -> str:
    name = _RESIDUALS[row.statistic]
    if row.statistic != "residual_sd":
        return name
    return f"{name}, {lower_first(labels.window(row.visit)) if row.visit else 'all visits'}"


def _quantiles(rows: list[Result], level: str) -> Table:
    """Quantiles of the residuals beside the normal ones with their intervals."""
    by_probability: dict[str, dict[str, Result]] = {}
    for row in rows:
        if row.statistic.startswith(_QUANTILES):
            by_probability.setdefault(str(row.level), {})[row.statistic] = row
    normal = Family(("normal_quantile", "normal_quantile_lower", "normal_quantile_upper"), "range")
    columns = (Family(("residual_quantile",)), normal)
    body = [
        Row(
            f"{float(probability):.4f}",
            tuple(compose(family, found) for family in columns),
        )
        for probability, found in by_probability.items()
    ]
    return Table(
        "Quantiles of the normalised residuals beside those of a normal distribution",
        "Probability",
        (("Residuals",), (f"Normal (pointwise {level} interval)",)),
        tuple(body),
    )
