"""Weeks of remission of leukaemia (Freireich et al., Blood 1963)."""

import numpy as np

_TREATED = {
    6: 3, 7: 1, 10: 1, 13: 1, 16: 1, 22: 1, 23: 1,
}  # fmt: skip
_TREATED_CENSORED = {6: 1, 9: 1, 10: 1, 11: 1, 17: 1, 19: 1, 20: 1, 25: 1, 32: 2, 34: 1, 35: 1}
_CONTROL = {1: 2, 2: 2, 3: 1, 4: 2, 5: 2, 8: 4, 11: 2, 12: 2, 15: 1, 17: 1, 22: 1, 23: 1}


def _weeks(patients: dict[int, int]) -> list[float]:
    return [float(week) for week, number in patients.items() for _ in range(number)]


CONTROL = np.array(_weeks(_CONTROL))
CONTROL_HAPPENED = np.ones(len(CONTROL), dtype=bool)
TREATED = np.array(_weeks(_TREATED) + _weeks(_TREATED_CENSORED))
TREATED_HAPPENED = np.repeat([True, False], [9, 12])
