"""What readers must know of count models, in the same words everywhere."""

from __future__ import annotations

NOT_CONVERGED = "The fit did not converge; its numbers are not to be used."
POISSON_LIMIT = "Infinite: the counts are no more variable than Poisson counts."
INDEPENDENT_VISITS = (
    "The counts of a participant at different visits are taken for independent, which they are "
    "not: the standard errors are too small and the p-values are not to be relied on."
)
FEW_PARTICIPANTS = (
    "With fewer than about 40 participants the plain sandwich standard error is too small on "
    "average; prefer one with a small-sample correction."
)
