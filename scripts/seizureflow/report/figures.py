"""Figures as part of the page, with their text for those who cannot see them."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seizureflow.blinding import DUMMY_TREATMENT, is_dummy
from seizureflow.displays.labels import Labels, listed, lower_first
from seizureflow.displays.values import percent_level

Entry = dict[str, Any]

_MEDIA_TYPES = {".png": "image/png", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class Figure:
    """A figure: its data as an address, its text and its caption."""

    id: str
    title: str
    source: str
    alt: str
    caption: str


def embedded(path: str | Path) -> str:
    """A file as a ``data:`` address."""
    file = Path(path)
    content = base64.b64encode(file.read_bytes()).decode("ascii")
    return f"data:{_MEDIA_TYPES[file.suffix]};base64,{content}"


def figures(paths: dict[str, str], labels: Labels, confidence_level: float) -> dict[str, Figure]:
    """Embed the figures of the study.

    Args:
        paths: Files by name: ``diary_heatmap``, ``log_frequency``, ``forest``, ``residuals``, and
            where the plan has such analyses ``specification_curve`` and ``subgroups``.
        labels: Labels of the study.
        confidence_level: Level of the intervals.
    """
    texts = _texts(labels, percent_level(confidence_level))
    return {
        name: Figure(name.replace("_", "-"), title, embedded(paths[name]), alt, caption)
        for name, (title, alt, caption) in texts.items()
        if name in paths
    }


def _texts(labels: Labels, level: str) -> dict[str, tuple[str, str, str]]:
    """Title, text and caption of each figure."""
    protocol = labels.protocol
    arms = listed([lower_first(arm["label"]) for arm in labels.arms])
    start = protocol["design"]["baseline"]["days"][0]
    unit = "day" if "diary" in protocol["domains"] else "period"
    marks = " Simulated participants." if protocol["simulated"] else ""
    marks += f" {DUMMY_TREATMENT}." if is_dummy(protocol["treatment"]) else ""
    visits = [lower_first(visit["label"]) for visit in protocol["design"]["visits"]]
    reference = lower_first(labels.reference["label"])
    return {
        "diary_heatmap": (
            "Every participant's seizures",
            f"Heatmap of countable seizures by {unit}: one row per participant, grouped by arm "
            f"({arms}), from day −{abs(start)} on, aligned at day 1.",
            f"Each row is a participant, each column a {unit}, darker with more seizures. A {unit} "
            f"that was not recorded is marked as such: it is not a zero.{marks}",
        ),
        "log_frequency": (
            "Change in log seizure frequency by visit",
            f"Line chart of the change in log seizure frequency from baseline at "
            f"{listed(visits) or 'each visit'}: the mean of each arm ({arms}) with its {level} "
            "interval over the lines of all participants. The means are in the table by visit.",
            "Below zero is fewer seizures than in the baseline. Means, intervals and numbers of "
            f"participants are those of the table by visit.{marks}",
        ),
        "forest": (
            "All estimates side by side",
            f"Forest plot of the estimates of all analyses against {reference} with their {level} "
            "intervals. The same numbers are in the table that follows.",
            f"Marks are estimates, lines {level} intervals. An interval that crosses the upright "
            f"line does not exclude that there is no effect.{marks}",
        ),
        "residuals": (
            "Normalised residuals against normal quantiles",
            "Quantile-quantile plot: quantiles of the normalised residuals of the primary analysis "
            "against those of a standard normal distribution, with the line on which they would "
            f"be equal and a band of pointwise {level} intervals around it. The same numbers are "
            "in the table of quantiles.",
            "Where the model holds, the points lie near the line, mostly within the band. Points "
            "below the line on the left and above it on the right: more extreme values than a "
            "normal distribution has; a curve: a skewed distribution. The band is that of as many "
            "independent values; the spread of these was estimated, so it is a guide and no test. "
            "Residuals are normalised within each participant, each with those at earlier visits, "
            f"so that they are uncorrelated with standard deviation 1.{marks}",
        ),
        "specification_curve": (
            "Choices that could have been made",
            f"Specification curve: the estimates against {reference} of all specifications from "
            f"the largest reduction on, with their {level} intervals, over rows that say which "
            "model, window, baseline, covariates, participants and other choices each has. Means "
            "by choice are in the tables of the analysis.",
            "Each place from left to right is one specification, one set of choices. The curve "
            "shows how far the estimate moves with choices alone, the rows below which of them "
            "move it. The diamonds mark the primary analysis. Specifications share their "
            f"participants; their number is no measure of evidence.{marks}",
        ),
        "subgroups": (
            "Subgroups",
            f"Forest plot of the estimates against {reference} in subgroups of the participants, "
            f"with their {level} intervals and numbers of participants, beside that of all. The "
            "same numbers are in the tables of the analysis.",
            "The dotted line is the estimate of all participants. Exploratory: nothing is adjusted "
            "for the number of subgroups; whether the effect differs between them is what p of the "
            f"interaction asks.{marks}",
        ),
    }
