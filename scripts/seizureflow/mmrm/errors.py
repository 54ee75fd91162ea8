"""What can go wrong in a mixed model for repeated measures, in words to act on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class MMRMError(ValueError):
    """Base of every error this package raises on purpose."""


class DataError(MMRMError):
    """The data do not have the form the model needs; the message names the column and rows."""


class OptionError(MMRMError):
    """An argument is unknown or does not go with another one; the message lists what does."""


class RankDeficientError(MMRMError):
    """The design has linearly dependent columns.

    Attributes:
        aliased: names of the columns that are linear combinations of the columns before them.
    """

    def __init__(self, message: str, aliased: Sequence[str]) -> None:
        super().__init__(message)
        self.aliased = tuple(aliased)


class IdentifiabilityError(MMRMError):
    """The data hold no information on part of the visit covariance.

    Attributes:
        visit_pairs: the pairs of visits (or a visit with itself) that cannot be estimated.
    """

    def __init__(self, message: str, visit_pairs: Sequence[tuple[object, object]]) -> None:
        super().__init__(message)
        self.visit_pairs = tuple(visit_pairs)


@dataclass(frozen=True)
class Attempt:
    """One try at fitting one covariance structure.

    Attributes:
        structure: name of the covariance structure.
        converged: whether the Newton iterations reached the optimum.
        iterations: Newton steps taken (0 when the structure was refused before the first).
        message: what happened, in words.
    """

    structure: str
    converged: bool
    iterations: int
    message: str


class ConvergenceError(MMRMError):
    """No structure that was asked for reached an optimum; the message says how far each got.

    Attributes:
        attempts: one record per structure tried.
    """

    def __init__(self, message: str, attempts: Sequence[Attempt]) -> None:
        super().__init__(message)
        self.attempts = tuple(attempts)


class MMRMWarning(UserWarning):
    """A result is usable but incomplete: some stacked fits failed, or a fall-back was taken."""
