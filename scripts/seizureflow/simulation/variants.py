"""ADSZ of edited diaries, by the library's derivation, kept for every edit once derived."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from seizureflow.array_types import FloatArray, IntArray
from seizureflow.protocol import Protocol
from seizureflow.simulation.edits import EditPlan
from seizureflow.simulation.study_data import derive_study_adsz

# Columns of ADSZ that an edit changes; the others say what a row is about.
VALUES = ("AVAL", "CHG", "PCHG")


class Variants:
    """Rows of ADSZ by participant and edit.

    Every edited diary is derived as that of a participant of its own, many at a time, so that no
    formula of the library is written here again.
    """

    def __init__(
        self, protocol: Protocol, data: dict[str, pd.DataFrame], plans: Sequence[EditPlan]
    ) -> None:
        """Take the unedited data and the plan of each participant."""
        self._protocol = protocol
        self._plans = plans
        self._adsz = data["adsz"]
        owner = data["adsz"]["USUBJID"].to_numpy()
        self._rows = [np.flatnonzero(owner == plan.participant) for plan in plans]
        self._parts = [
            {name: _rows_of(data[name], plan.participant) for name in _inputs(data)}
            for plan in plans
        ]
        self._derived: dict[tuple[int, int], FloatArray] = {}

    def prepare(self, edits: Iterable[tuple[int, int]]) -> None:
        """Derive those of the edits (participant's index, edit) that have not been, all at once."""
        wanted = sorted({(i, int(e)) for i, e in edits} - set(self._derived))
        if not wanted:
            return
        names = [f"{number:06d}" for number in range(len(wanted))]
        tables = {
            name: pd.concat(
                [
                    self._edited(index, edit, name).assign(USUBJID=identifier)
                    for (index, edit), identifier in zip(wanted, names, strict=True)
                ],
                ignore_index=True,
            )
            for name in self._parts[0]
        }
        adsz = derive_study_adsz(self._protocol, tables)
        values = adsz[list(VALUES)].to_numpy(dtype=np.float64)
        # Rows are sorted by identifier, and the identifiers were given in order.
        ends = np.cumsum([len(self._rows[index]) for index, _ in wanted])
        for key, own in zip(wanted, np.split(values, ends[:-1]), strict=True):
            self._derived[key] = own

    def values(self, index: int, edit: int) -> FloatArray:
        """Return `VALUES` of the participant's rows, shape (rows, 3)."""
        self.prepare([(index, edit)])
        return self._derived[index, edit]

    def outcome(self, index: int, edit: int, endpoint: str, window: str) -> float:
        """Return ``AVAL`` of one endpoint in one window."""
        own = self._adsz.iloc[self._rows[index]]
        chosen = ((own["PARAMCD"] == endpoint) & (own["AVISIT"] == window)).to_numpy()
        return float(self.values(index, edit)[chosen, 0][0])

    def change(self, index: int, edit: int, endpoint: str, windows: Sequence[str]) -> float:
        """Return the mean of ``CHG`` of one endpoint over the windows where it has a value."""
        own = self._adsz.iloc[self._rows[index]]
        chosen = ((own["PARAMCD"] == endpoint) & own["AVISIT"].isin(list(windows))).to_numpy()
        changes = self.values(index, edit)[chosen, 1]
        known = changes[np.isfinite(changes)]
        return float(known.mean()) if len(known) else 0.0

    def adsz(self, edits: IntArray) -> pd.DataFrame:
        """Return ADSZ of the whole study with one edit per participant."""
        table = self._adsz[list(VALUES)].to_numpy(dtype=np.float64, copy=True)
        self.prepare(enumerate(edits.tolist()))
        for index, edit in enumerate(edits.tolist()):
            table[self._rows[index]] = self._derived[index, edit]
        return self._adsz.assign(**dict(zip(VALUES, table.T, strict=True)))

    def _edited(self, index: int, edit: int, name: str) -> pd.DataFrame:
        table = self._parts[index][name]
        changes = self._plans[index].days(edit)
        if name != "countable" or not changes:
            return table
        count = table["COUNT"].to_numpy(copy=True)
        place = np.searchsorted(table["START"].to_numpy(), list(changes))
        count[place] += list(changes.values())
        return table.assign(COUNT=count)


def _inputs(data: dict[str, pd.DataFrame]) -> list[str]:
    return [name for name in ("adsl", "countable", "visits") if name in data]


def _rows_of(table: pd.DataFrame, participant: str) -> pd.DataFrame:
    own = table[table["USUBJID"] == participant]
    return own.sort_values("START") if "START" in own else own
