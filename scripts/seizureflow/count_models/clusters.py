"""Rows of a long table laid out as participants by visits, with a mask where a visit is missing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seizureflow.array_types import BoolArray, FloatArray, IntArray


@dataclass(frozen=True)
class Clusters:
    """Where each row of a long table stands among participants and visits.

    Attributes:
        participant: Number of the participant of each row, from 0 without gaps.
        position: Number of the visit of each row, from 0.
        present: Participants by visits: whether there is a row.
    """

    participant: IntArray
    position: IntArray
    present: BoolArray

    @classmethod
    def of(cls, participant: IntArray, position: IntArray) -> Clusters:
        """Lay out rows.

        Args:
            participant: Number of the participant of each row.
            position: Number of the visit of each row; no participant has a visit twice.
        """
        present = np.zeros((int(participant.max()) + 1, int(position.max()) + 1), dtype=np.bool_)
        present[participant, position] = True
        if int(present.sum()) != len(participant):
            raise ValueError("A participant has two rows at a visit.")
        return cls(participant, position, present)

    @property
    def participants(self) -> int:
        """Number of participants."""
        return int(self.present.shape[0])

    def spread(self, values: npt.ArrayLike, empty: float = 0.0) -> FloatArray:
        """Lay values of the rows (along the first axis) out; ``empty`` where there is no row."""
        rows = np.asarray(values, dtype=np.float64)
        laid_out = np.full((*self.present.shape, *rows.shape[1:]), empty)
        laid_out[self.participant, self.position] = rows
        return laid_out

    def gather(self, laid_out: FloatArray) -> FloatArray:
        """The values of the rows from participants by visits."""
        return np.asarray(laid_out[self.participant, self.position], dtype=np.float64)
