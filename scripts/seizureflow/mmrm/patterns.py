"""Compression of the data to cross-products per missingness pattern.

Subjects who share the same observed visits (and covariance group) share ``V``. The likelihood
sees them only through ``sum_i z_ij z_ik'`` with ``z = (x, y)``, so any orthogonal rotation across
such subjects leaves it unchanged. A QR decomposition per pattern rotates all its subjects into a
few rows: as many as there are distinct subject-level columns (an arm, a baseline, a factor level),
not as many as there are subjects. Outcome variation outside their span enters as one
cross-product matrix ``E`` per pattern. The rotation is exact and, unlike forming the
cross-products themselves, loses no digits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.intp]

# Rotating fewer subjects than this costs more than carrying them.
_SMALLEST_ROTATED = 8


@dataclass(frozen=True)
class Layout:
    """Where each analysed row sits: subjects grouped by pattern, rows ordered by visit.

    Attributes:
        order: (n,) positions of the rows, sorted by pattern, subject and visit.
        subject: (n,) subject number of each row before sorting.
        pattern_mask: (S, m) which visits each pattern observes.
        pattern_group: (S,) covariance group of each pattern; patterns are sorted by it.
        pattern_size: (S,) number of subjects.
        n_groups: number of covariance groups G.
    """

    order: Index
    subject: Index
    pattern_mask: NDArray[np.bool_]
    pattern_group: Index
    pattern_size: Index
    n_groups: int

    @property
    def n_visits(self) -> int:
        """m, the number of visits."""
        return int(self.pattern_mask.shape[1])

    def blocks(self) -> list[tuple[int, slice, int, NDArray[np.intp]]]:
        """Per pattern: its number, its slice of ``order``, its subjects and observed visits."""
        width = self.pattern_mask.sum(1)
        ends = np.cumsum(self.pattern_size * width)
        starts = ends - self.pattern_size * width
        return [
            (s, slice(int(a), int(b)), int(n), np.flatnonzero(mask))
            for s, (a, b, n, mask) in enumerate(
                zip(starts, ends, self.pattern_size, self.pattern_mask, strict=True)
            )
        ]


def lay_out(subject: Index, visit: Index, group: Index, n_visits: int, n_groups: int) -> Layout:
    """Find the missingness patterns and order the rows by them.

    Args:
        subject: (n,) subject number, 0..n_subjects-1, each occurring.
        visit: (n,) visit number, 0..m-1; a subject has each visit at most once.
        group: (n,) covariance group number, constant within subject.
        n_visits: m.
        n_groups: G.
    """
    n_subjects = int(subject.max()) + 1
    observed = np.zeros((n_subjects, n_visits + 1), dtype=np.int64)
    observed[subject, visit + 1] = 1
    observed[subject, 0] = group
    by_visits = np.lexsort(observed.T[::-1])
    ordered = observed[by_visits]
    changes = np.flatnonzero((ordered[1:] != ordered[:-1]).any(1)) + 1
    firsts = np.concatenate([[0], changes])
    patterns = ordered[firsts]
    pattern_of = np.empty(n_subjects, dtype=np.intp)
    pattern_of[by_visits] = np.repeat(
        np.arange(len(firsts)), np.diff(np.append(firsts, n_subjects))
    )
    key = (pattern_of[subject] * n_subjects + subject) * n_visits + visit
    return Layout(
        order=np.argsort(key, kind="stable"),
        subject=subject,
        pattern_mask=patterns[:, 1:].astype(bool),
        pattern_group=patterns[:, 0].astype(np.intp),
        pattern_size=np.diff(np.append(firsts, n_subjects)).astype(np.intp),
        n_groups=n_groups,
    )


@dataclass(frozen=True)
class Compressed:
    """The data as the likelihood needs them; R rows replace the subjects.

    Attributes:
        x: (R, m, p) rotated design, zero at unobserved visits.
        y: (B, R, m) rotated outcomes, zero at unobserved visits.
        pattern: (R,) pattern of each row, ascending.
        leftover: (B, S, m, m) cross-products of the outcome outside the span of the design.
        mask: (S, m) which visits each pattern observes.
        group: (S,) covariance group of each pattern.
        size: (S,) subjects per pattern.
        n_rows: n, analysed rows.
        n_groups: G.
    """

    x: Array
    y: Array
    pattern: Index
    leftover: Array
    mask: NDArray[np.bool_]
    group: Index
    size: Index
    n_rows: int
    n_groups: int

    @property
    def n_visits(self) -> int:
        """Number of visits, m."""
        return int(self.x.shape[1])

    @property
    def n_coefficients(self) -> int:
        """Number of coefficients, p."""
        return int(self.x.shape[2])

    @property
    def n_outcomes(self) -> int:
        """Number of stacked outcomes, B."""
        return int(self.y.shape[0])


def _distinct_columns(flat: Array) -> tuple[Array, Index, Index]:
    """Distinct nonzero columns, and for each nonzero column its position and representative."""
    nonzero = np.flatnonzero(flat.any(0))
    seen: dict[bytes, int] = {}
    firsts: list[int] = []
    representative = np.empty(len(nonzero), dtype=np.intp)
    # Adding zero turns -0.0 into 0.0, so that equal columns have equal bytes.
    columns = np.ascontiguousarray(flat[:, nonzero].T) + 0.0
    for i, column in enumerate(columns):
        key = column.tobytes()
        if key not in seen:
            seen[key] = len(firsts)
            firsts.append(i)
        representative[i] = seen[key]
    return columns[firsts].T, nonzero, representative


def compress(layout: Layout, design: Array, outcomes: Array) -> Compressed:
    """Rotate the subjects of each pattern into as few rows as carry the design.

    Args:
        layout: patterns and row order.
        design: (n, p) model matrix.
        outcomes: (B, n) one or more outcomes on the same rows.
    """
    m, p, b = layout.n_visits, design.shape[1], outcomes.shape[0]
    rows_x: list[Array] = []
    rows_y: list[Array] = []
    counts: list[int] = []
    leftover = np.zeros((b, len(layout.pattern_size), m, m))
    sorted_x, sorted_y = design[layout.order], outcomes[:, layout.order]
    for s, rows, n, visits in layout.blocks():
        width = len(visits)
        x = sorted_x[rows].reshape(n, width, p)
        y = sorted_y[:, rows].reshape(b, n, width)
        if n >= _SMALLEST_ROTATED:
            distinct, nonzero, representative = _distinct_columns(x.reshape(n, width * p))
            if distinct.shape[1] < n:
                q, r = np.linalg.qr(distinct)
                flat = np.zeros((len(r), width * p))
                flat[:, nonzero] = r[:, representative]
                x = flat.reshape(len(r), width, p)
                inside = q.T @ y
                outside = y - q @ inside
                at = np.ix_(np.arange(b), np.array([s]), visits, visits)
                leftover[at] = (outside.swapaxes(1, 2) @ outside)[:, None]
                y = inside
        padded_x, padded_y = np.zeros((len(x), m, p)), np.zeros((b, len(x), m))
        padded_x[:, visits], padded_y[:, :, visits] = x, y
        rows_x.append(padded_x)
        rows_y.append(padded_y)
        counts.append(len(x))
    return Compressed(
        x=np.concatenate(rows_x),
        y=np.concatenate(rows_y, axis=1),
        pattern=np.repeat(np.arange(len(counts)), counts),
        leftover=leftover,
        mask=layout.pattern_mask,
        group=layout.pattern_group,
        size=layout.pattern_size,
        n_rows=design.shape[0],
        n_groups=layout.n_groups,
    )
