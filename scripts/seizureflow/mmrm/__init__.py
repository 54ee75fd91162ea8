"""Mixed models for repeated measures: marginal linear models with a covariance by visit.

:func:`mmrm` fits one outcome, :func:`mmrm_batch` a stack of outcomes on one design. The
mathematics is in ``docs/mmrm.md``, in the notation of the code.
"""

from seizureflow.mmrm.batch import MMRMBatch, mmrm_batch
from seizureflow.mmrm.errors import (
    Attempt,
    ConvergenceError,
    DataError,
    IdentifiabilityError,
    MMRMError,
    MMRMWarning,
    OptionError,
    RankDeficientError,
)
from seizureflow.mmrm.fit import mmrm
from seizureflow.mmrm.result import MMRM
from seizureflow.mmrm.structures import STRUCTURES

__all__ = [
    "MMRM",
    "STRUCTURES",
    "Attempt",
    "ConvergenceError",
    "DataError",
    "IdentifiabilityError",
    "MMRMBatch",
    "MMRMError",
    "MMRMWarning",
    "OptionError",
    "RankDeficientError",
    "mmrm",
    "mmrm_batch",
]
