"""Rows of the results table as numbers for print, each with its identity and its exact value."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import pandas as pd

from seizureflow.rounding import p_value, rounded


@dataclass(frozen=True)
class Number:
    """A number as shown.

    Attributes:
        text: Rounded for print, with its unit where that is a percent sign.
        exact: All its digits; empty where the row holds no number.
        identity: The row of the results table that it is, see :attr:`Result.identity`.
    """

    text: str
    exact: str
    identity: str


Piece = str | Number
Cell = tuple[Piece, ...]


@dataclass(frozen=True)
class Result:
    """One row of the results table."""

    analysis: str
    statistic: str
    label: str
    value: float = math.nan
    text: str | None = None
    unit: str | None = None
    group: str | None = None
    reference: str | None = None
    variable: str | None = None
    level: str | None = None
    visit: str | None = None
    note: str | None = None

    @property
    def identity(self) -> str:
        """Analysis, statistic and what it is about, written like an address."""
        about = ("group", "reference", "variable", "level", "visit")
        named = [(name, getattr(self, name)) for name in about if getattr(self, name) is not None]
        query = "?" + urlencode(named, quote_via=quote) if named else ""
        return f"{self.analysis}/{self.statistic}{query}"


class Results:
    """The results table of a study, by analysis."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame
        self._rows: dict[str, list[Result]] = defaultdict(list)
        self._notes: dict[str, list[str]] = defaultdict(list)
        self._first: dict[str, dict[str, Any]] = {}
        for record in frame.to_dict("records"):
            row = {str(name): _present(value) for name, value in record.items()}
            self._first.setdefault(row["ANALYSIS"], row)
            if row["STATISTIC"] == "note":
                self._notes[row["ANALYSIS"]].append(row["TEXT"])
            else:
                self._rows[row["ANALYSIS"]].append(_result(row))

    def of(self, analysis: str) -> list[Result]:
        """The rows of an analysis, without its notes."""
        return list(self._rows.get(analysis, []))

    def notes(self, analysis: str) -> list[str]:
        """What a reader must know of the whole analysis."""
        return list(self._notes.get(analysis, []))

    def about(self, analysis: str, column: str) -> Any:
        """What all rows of an analysis say in a column; None where there is none."""
        return self._first.get(analysis, {}).get(column)

    def converged(self, analysis: str) -> bool | None:
        """Whether the fit converged; None where nothing was iterated."""
        value = self.about(analysis, "CONVERGED")
        return None if value is None else bool(value)

    def find(
        self,
        analysis: str,
        statistic: str,
        *,
        group: str | None = None,
        variable: str | None = None,
        level: str | None = None,
    ) -> Result | None:
        """The first row of a statistic; a group, variable or level of None means none."""
        wanted = (statistic, group, variable, level)
        for row in self._rows.get(analysis, []):
            if (row.statistic, row.group, row.variable, row.level) == wanted:
                return row
        return None

    def having(self, analysis: str, statistic: str) -> list[Result]:
        """All rows of a statistic."""
        return [row for row in self._rows.get(analysis, []) if row.statistic == statistic]


def _present(value: Any) -> Any:
    return None if value is None or (not isinstance(value, list) and pd.isna(value)) else value


def _result(row: dict[str, Any]) -> Result:
    value = row["VALUE"]
    return Result(
        analysis=row["ANALYSIS"],
        statistic=row["STATISTIC"],
        label=row["LABEL"],
        value=math.nan if value is None else float(value),
        text=row["TEXT"],
        unit=row["UNIT"],
        group=row["GROUP"],
        reference=row["REFERENCE"],
        variable=row["VARIABLE"],
        level=row["LEVEL"],
        visit=row["VISIT"],
        note=row["NOTE"],
    )


# Decimals of statistics by name, limits and standard errors going with what they belong to. A
# name that is not here is a count where it is whole, and gets three decimals where it is not.
_DECIMALS = {
    "odds_ratio": 2,
    "rate_ratio": 2,
    "hazard_ratio": 2,
    "risk_ratio": 2,
    "odds_ratio_profile": 2,
    "risk": 1,
    "risk_difference": 1,
    "chi_square": 2,
    "breslow_day": 2,
    "nonproportionality_chi_square": 2,
    "likelihood_ratio": 2,
    "mann_whitney_u": 1,
    "rank_difference": 2,
    "rank_difference_raw": 2,
    "rank_sum_excess": 2,
    "rank_sum_excess_sd": 2,
    "studentised_residual": 2,
    "cook_distance": 3,
    "smallest_weight": 3,
    "hodges_lehmann": 3,
    "restricted_mean": 1,
    "restricted_mean_difference": 1,
    "expected": 1,
    "observed_to_expected": 2,
    "imputed_seizures": 1,
    "prior_participants": 1,
    "prior_participants_elir": 1,
    "arrangements_log10": 1,
    "tipping_delta": 2,
    "threshold_delta": 2,
    "tipping_shift": 2,
    "tipping_significance": 2,
    "tipping_threshold": 2,
    "posterior_probability": 3,
    "power": 3,
    "power_to_reach": 3,
    "reaches_if_true": 3,
    "reaches_predicted": 3,
    "significant_if_true": 3,
    "significant_predicted": 3,
    "better": 3,
    "probability_lower": 3,
    "vague_weight": 3,
    "alpha": 3,
    "shift": 3,
    "p_value": 4,  # its Monte Carlo error; p itself is written by a rule of its own
    "bias": 4,
    "acceleration": 4,
    "monte_carlo_error": 4,
    "monte_carlo": 4,
    "log_hazard_ratio": 3,
    "t": 2,
    "z": 2,
    "log_likelihood": 2,
    "lsmean": 3,
    "difference": 3,
    "coefficient": 3,
    "log_odds_ratio": 3,
    "log_rate_ratio": 3,
    "residual_sd": 3,
    "residual_quantile": 2,
    "normal_quantile": 2,
    "visit_correlation": 2,
    "visit_covariance": 3,
    "visit_sd": 3,
    "theta": 3,
    "mean": 2,
    "sd": 2,
    "median": 1,
}
# Shares of participants that methods give as such: they are printed in percent, as counts are.
_SHARES = ("risk", "risk_difference", "risk_difference_robust", "risk_difference_delta")
# Whatever begins with this is a p-value, by another test or variance, unless it is its error.
_P_VALUE = re.compile(r"^p_value(?!.*_se$)|_p$")
# Degrees of freedom that an approximation gives have one decimal, whole or not.
_APPROXIMATE_DF = re.compile(r"^(lsmean|difference|coefficient)_df$")
_BELONGS = re.compile(
    r"(_lower|_upper|_se|_hc3|_jackknife|_rubin|_repeated_sampling|_naive|_raw)+$"
)


def number(result: Result, decimals: int | None = None) -> Number:
    """Write a row's number for print.

    Args:
        result: The row.
        decimals: Decimals; by default those of the statistic.
    """
    if result.text is not None:
        return Number(result.text, result.text, result.identity)
    exact = "" if math.isnan(result.value) else repr(result.value)
    return Number(_printed(result, decimals), exact, result.identity)


def is_p_value(statistic: str) -> bool:
    """Whether a statistic is a p-value, by its name.

    >>> is_p_value("p_value_hc3"), is_p_value("coefficient_p"), is_p_value("p_value_se")
    (True, True, False)
    """
    return _P_VALUE.search(statistic) is not None


def _printed(result: Result, decimals: int | None) -> str:
    value, name = result.value, result.statistic
    if is_p_value(name):
        return p_value(value)
    if decimals is None:
        decimals = _decimals(result)
    if math.isnan(value):
        return rounded(value, 0)
    share = result.unit is None and _BELONGS.sub("", name) in _SHARES
    text = minus(rounded(100 * value if share else value, decimals))
    if share or result.unit == "%":
        return text + "%"
    return text if result.unit in (None, "%") else f"{text} {result.unit}"


def _decimals(result: Result) -> int:
    if result.unit == "%" or _BELONGS.sub("", result.statistic) in _SHARES:
        return 1
    if _APPROXIMATE_DF.match(result.statistic):
        return 1
    if result.statistic.endswith("_df"):
        return 0 if result.value.is_integer() else 1
    base = _BELONGS.sub("", result.statistic)
    if base in _DECIMALS:
        return _DECIMALS[base]
    return 0 if result.value.is_integer() else 3


def minus(text: str) -> str:
    """Write a leading hyphen as a minus sign.

    >>> minus("-0.43"), minus("2018-03-20")
    ('−0.43', '2018-03-20')
    """
    return re.sub(r"^-(?=[\d∞])", "−", text)


def percent_level(confidence_level: float) -> str:
    """Word a confidence level.

    >>> percent_level(0.95), percent_level(0.975)
    ('95%', '97.5%')
    """
    return f"{100 * confidence_level:g}%"


def distinct(items: Iterable[Any]) -> list[Any]:
    """The items in order of first appearance, each once."""
    return list(dict.fromkeys(items))
