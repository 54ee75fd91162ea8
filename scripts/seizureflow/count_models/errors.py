"""The error of a count model that these data admit no fit of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from seizureflow.problems import AnalysisError


class CountModelError(Exception):
    """A model cannot be fitted; the message is a sentence for the reader of the report."""


@contextmanager
def fitting(analysis: str) -> Iterator[None]:
    """Run a fit: a model that cannot be fitted is an error of the analysis.

    Overflow on the way to a maximum is no news: steps that lead there are taken back, and whether
    the maximum was reached is part of every fit.

    Args:
        analysis: Id of the analysis.

    Raises:
        AnalysisError: The model cannot be fitted.
    """
    with np.errstate(all="ignore"):
        try:
            yield
        except CountModelError as error:
            raise AnalysisError(f"Analysis {analysis}: {error}") from error
