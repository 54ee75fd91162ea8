"""Analysis methods, one per module; each has ``analyse(spec, data)``, or ``(spec, data, rng)``.

A module is loaded by its name in the protocol, so that a job depends on its own method alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, cast

import numpy as np
import pandas as pd

from seizureflow.analysis import AnalysisResult, build_spec
from seizureflow.streams import Streams

Method = Callable[..., AnalysisResult]


def load_method(name: str) -> Method:
    """Give the function ``analyse`` of a method's module."""
    return cast(Method, import_module(f"seizureflow.methods.{name}").analyse)


def run_method(name: str, plan: dict[str, Any], data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Run a method on an analysis.

    Args:
        name: The method.
        plan: The plan of the analysis, see :func:`seizureflow.analysis.build_spec`; with a ``seed``
            where the method draws random numbers. An analysis has a random stream of its own, that
            of its id.
        data: The tables that the method reads, by name; results of other analyses under
            ``results_`` and their id.

    Raises:
        AnalysisError: These data admit no answer.
    """
    spec, method = build_spec(plan), load_method(name)
    if "seed" not in plan:
        return method(spec, data)
    root = Streams.of(np.random.default_rng(plan["seed"]))
    return method(spec, data, root.generator("analysis", spec.id))
