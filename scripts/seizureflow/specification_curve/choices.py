"""The choices that an analysis makes, and the specifications that all of them together give."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from seizureflow.covariance_names import COVARIANCE_WORDS

Entry = dict[str, Any]

WHOLE_BASELINE = "whole"
# Covariates that are taken from the baseline that the specification chooses.
BASELINE_COVARIATES = ("BSFREQ", "LBSFREQ")
COMPLETE_SHARE = 0.8  # of the days of a window, for a participant to be a completer of it
WINSORISED_QUANTILE = 0.95

# For each choice, its column in the table of specifications and its name in words.
CHOICES = {
    "MODEL": "Model",
    "OFFSET": "Added to the frequency",
    "WINDOW": "Window",
    "BASELINE": "Baseline",
    "COVARIATES": "Covariates",
    "POPULATION": "Participants",
    "MISSING": "Missing days",
    "OUTLIERS": "High frequencies",
}
MODEL_WORDS = {
    "ancova": "ANCOVA",
    "ancova_hc3": "ANCOVA, HC3 errors",
    "negative_binomial": "Negative binomial",
    "quasi_poisson": "Quasi-Poisson",
}
# Models whose outcome is the logarithm of a frequency, which an offset is added to.
_LOG_MODELS = ("ancova", "ancova_hc3", "mmrm")
_MISSING_WORDS = {
    "observed": "Recorded days alone",
    "completers": f"At least {COMPLETE_SHARE:.0%} of days recorded",
    "baseline_imputed": "Filled in at the baseline rate",
}
_OUTLIER_WORDS = {
    "keep": "As they are",
    "winsorise": f"Highest {1 - WINSORISED_QUANTILE:.0%} lowered",
}


@dataclass(frozen=True)
class Offset:
    """What is added to the frequency before its logarithm is taken, in the window and before."""

    post: float
    baseline: float

    @property
    def words(self) -> str:
        """The offset in words."""
        if self.post == self.baseline:
            return f"{self.post:g} to both" if self.post else "nothing"
        if not self.baseline:
            return f"{self.post:g} in the window"
        return f"{self.post:g} in the window, {self.baseline:g} before"


@dataclass(frozen=True)
class Model:
    """A model of the log ratio of the frequencies.

    Attributes:
        kind: ``mmrm`` or a key of :data:`MODEL_WORDS`.
        words: Its name.
        covariance: Of a mixed model: structures between visits, tried in turn.
        df: Of a mixed model: degrees of freedom.
        covariates_by_visit: Of a mixed model: covariates that act at each visit anew, where the
            specification has them.
    """

    kind: str
    words: str
    covariance: tuple[str, ...] = ()
    df: str = ""
    covariates_by_visit: tuple[str, ...] = ()

    @property
    def takes_logs(self) -> bool:
        """Whether the outcome is a logarithm, so that the offset matters."""
        return self.kind in _LOG_MODELS


@dataclass(frozen=True)
class Specification:
    """One set of choices.

    Attributes:
        number: Its place in the grid, from 1.
        model: Model.
        offset: What is added to frequencies.
        window: Window of ADSZ in which seizures are evaluated.
        visits: Scheduled visits that lie in the window.
        baseline: Window of ADSZ of the baseline, or ``whole``.
        covariates: Variables of ADSL.
        population: Analysis set.
        missing_data: What stands for days that were not recorded.
        outliers: What becomes of high frequencies.
    """

    number: int
    model: Model
    offset: Offset
    window: str
    visits: tuple[str, ...]
    baseline: str
    covariates: tuple[str, ...]
    population: str
    missing_data: str
    outliers: str

    def words(self, labels: Mapping[str, str]) -> dict[str, str | None]:
        """Each choice in words, by the columns of :data:`CHOICES`; None where it has no bearing."""
        whole = self.baseline == WHOLE_BASELINE
        named = " + ".join(labels.get(name, name) for name in self.covariates)
        return {
            "MODEL": self.model.words,
            "OFFSET": self.offset.words if self.model.takes_logs else None,
            "WINDOW": labels.get(self.window, self.window),
            "BASELINE": "Whole baseline" if whole else labels.get(self.baseline, self.baseline),
            "COVARIATES": named or "None",
            "POPULATION": labels.get(self.population, self.population),
            "MISSING": _MISSING_WORDS[self.missing_data],
            "OUTLIERS": _OUTLIER_WORDS[self.outliers],
        }


def specifications(grid: Entry) -> tuple[Specification, ...]:
    """Every combination of the levels of the choices; the first has the first level of each.

    Args:
        grid: Option ``grid`` of the plan.
    """
    visits = dict(_windows(grid["window"]))
    combinations = itertools.product(
        [_model(entry) for entry in grid["model"]],
        [Offset(float(entry["post"]), float(entry["baseline"])) for entry in grid["offset"]],
        visits,
        grid["baseline"],
        [tuple(names) for names in grid["covariates"]],
        grid["population"],
        grid["missing_data"],
        grid["outliers"],
    )
    return tuple(
        Specification(number, model, offset, window, visits[window], *others)
        for number, (model, offset, window, *others) in enumerate(combinations, start=1)
    )


def with_visits(grid: Entry, visits: Mapping[str, list[str]]) -> Entry:
    """Give every window of a grid its scheduled visits, which mixed models need.

    Args:
        grid: Option ``grid`` of the plan.
        visits: Ids of the visits by id of the window; windows without an entry stay as they are.
    """
    windows = [
        {"window": name, "visits": list(given or visits.get(name, []))}
        for name, given in _windows(grid["window"])
    ]
    return grid | {"window": windows}


def named_in(grid: Entry) -> list[str]:
    """Windows, analysis sets and variables that a grid names, each once."""
    windows = [name for name, _ in _windows(grid["window"])]
    covariates = [name for names in grid["covariates"] for name in names]
    return list(dict.fromkeys([*windows, *grid["baseline"], *covariates, *grid["population"]]))


def _windows(entries: list[Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for entry in entries:
        if isinstance(entry, str):
            yield entry, ()
        else:
            yield entry["window"], tuple(entry["visits"])


def _model(entry: str | Entry) -> Model:
    if isinstance(entry, str):
        return Model(entry, MODEL_WORDS[entry])
    structures = tuple(entry["covariance"])
    words = f"Mixed model, {COVARIANCE_WORDS[structures[0]]}"
    return Model(
        "mmrm",
        entry.get("label", words),
        structures,
        entry.get("df", "kenward-roger-linear"),
        tuple(entry.get("covariates_by_visit", ())),
    )
