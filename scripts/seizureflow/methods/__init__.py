"""Analysis methods, one per module; each has ``analyse(spec, data)``.

A module is loaded by its name in the protocol, so that a job depends on its own method alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import cast

import pandas as pd

from seizureflow.analysis import AnalysisResult, AnalysisSpec

Method = Callable[[AnalysisSpec, Mapping[str, pd.DataFrame]], AnalysisResult]


def load_method(name: str) -> Method:
    """Give the function ``analyse`` of a method's module."""
    return cast(Method, import_module(f"seizureflow.methods.{name}").analyse)
