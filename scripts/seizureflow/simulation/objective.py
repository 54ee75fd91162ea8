"""The analyses of a protocol as a function of the edits of its participants' diaries."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from seizureflow.analysis import Statistic
from seizureflow.array_types import FloatArray, IntArray
from seizureflow.methods import load_method
from seizureflow.problems import AnalysisError
from seizureflow.protocol import Protocol
from seizureflow.registry import METHODS
from seizureflow.simulation.edits import EditPlan
from seizureflow.simulation.study_data import analysis_spec
from seizureflow.simulation.targets import StatisticKey, Target, by_key
from seizureflow.simulation.variants import Variants

Data = dict[str, pd.DataFrame]


class Objective:
    """The analyses of a protocol as a function of the edits of its participants' diaries."""

    def __init__(
        self, protocol: Protocol, data: Data, targets: Sequence[Target], plans: list[EditPlan]
    ) -> None:
        """Take the unedited data, the published targets and the edits possible."""
        self.protocol, self.data, self.plans = protocol, data, plans
        self.variants = Variants(protocol, data, plans)
        self.methods = {t.analysis: protocol.analysis(t.analysis)["method"] for t in targets}
        # What does not read the diary endpoints cannot be changed by an edit.
        moving = [t for t in targets if "adsz" in METHODS[self.methods[t.analysis]].datasets]
        endpoints = {e["id"]: e["kind"] for e in protocol.entry("endpoints")}
        responder = {
            t.analysis
            for t in moving
            if endpoints.get(protocol.analysis(t.analysis).get("endpoint", "")) == "responder"
        }
        self.response_targets = [t for t in moving if t.analysis in responder]
        self.other_targets = [t for t in moving if t.analysis not in responder]
        # Each response that a target depends on, as endpoint and window.
        self.responses = sorted(
            {(protocol.analysis(a)["endpoint"], protocol.analysis(a)["window"]) for a in responder}
        )

    @property
    def size(self) -> int:
        """The number of participants who can be edited."""
        return len(self.plans)

    def measure(self, edits: IntArray, targets: Sequence[Target]) -> FloatArray:
        """Return the numbers that answer to the targets after the edits; nan where none does."""
        data = self.data | {"adsz": self.variants.adsz(edits)}
        statistics = {name: self._run(name, data) for name in {t.analysis for t in targets}}
        found = [statistics[target.analysis].get(target.key) for target in targets]
        return np.array([math.nan if s is None else s.value for s in found])

    def positions(
        self, lower: IntArray, upper: IntArray, targets: Sequence[Target]
    ) -> list[FloatArray]:
        """Return each participant's mean change in log frequency for every edit of a range.

        The mean is over the windows or visits that the first target's analysis evaluates: its
        numbers are nearly linear in it, as linear models with one variance are.
        """
        analysis = self.protocol.analysis(targets[0].analysis)
        spec = analysis_spec(self.protocol, analysis["id"])
        windows = spec.visits if METHODS[analysis["method"]].visits else (analysis["window"],)
        ranges = [range(low, high + 1) for low, high in zip(lower, upper, strict=True)]
        self.variants.prepare((i, edit) for i, own in enumerate(ranges) for edit in own)
        return [
            np.array([self.variants.change(i, e, analysis["endpoint"], windows) for e in own])
            for i, own in enumerate(ranges)
        ]

    def unchanged(self, edits: IntArray) -> tuple[IntArray, IntArray]:
        """Return the least and the greatest edit that leave a participant's responses as they are.

        Arrays of shape (participants,). More seizures never make a responder, so that halving the
        range finds the ends, for all participants at once.
        """
        limits = np.array([plan.limits for plan in self.plans])
        return self._farthest(edits, limits[:, 0]), self._farthest(edits, limits[:, 1])

    def _farthest(self, edits: IntArray, limits: IntArray) -> IntArray:
        before = self._responses_at(edits)
        near = np.where(self._responses_at(limits) == before, limits, edits)
        far = limits.copy()
        while (np.abs(far - near) > 1).any():
            middle = (near + far) // 2
            same = self._responses_at(middle) == before
            near, far = np.where(same, middle, near), np.where(same, far, middle)
        return near

    def _responses_at(self, edits: IntArray) -> np.ndarray:
        """Return each participant's responses as one comparable thing, shape (participants,)."""
        self.variants.prepare(enumerate(edits.tolist()))
        return np.array(
            [
                "/".join(str(self.variants.outcome(i, e, *which)) for which in self.responses)
                for i, e in enumerate(edits.tolist())
            ]
        )

    def _run(self, analysis: str, data: Data) -> dict[StatisticKey, Statistic]:
        spec = analysis_spec(self.protocol, analysis)
        try:
            return by_key(load_method(self.methods[analysis])(spec, data).statistics)
        except AnalysisError:
            return {}
