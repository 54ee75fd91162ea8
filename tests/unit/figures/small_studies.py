"""Small studies to draw."""

import itertools

import numpy as np
import pandas as pd
from seizureflow.registry import METHODS


def make_design(arms=2, weeks=(4, 8)):
    names = [
        ("active", "Active 10 mg"),
        ("placebo", "Placebo"),
        ("high", "Active 20 mg in the evening, titrated"),
    ][:arms]
    return {
        "arms": [
            {"id": name, "label": label, "reference": name == "placebo"} for name, label in names
        ],
        "baseline": {"days": [-28, 1]},
        "visits": [
            {"id": f"week_{week}", "label": f"Week {week}", "week": week, "day": 7 * week + 1}
            for week in weeks
        ],
    }


def make_adsl(per_arm):
    """ADSL with so many randomised participants by arm, and one who failed screening."""
    rows = [
        {
            "USUBJID": f"{arm}-{number}",
            "TRT01P": arm,
            "RANDFL": "Y",
            "FASFL": "Y",
            "BSFREQ": float(number),
        }
        for arm, size in per_arm.items()
        for number in range(1, size + 1)
    ]
    failed = {"USUBJID": "failed", "TRT01P": None, "RANDFL": "N", "FASFL": "N", "BSFREQ": 1.0}
    return pd.DataFrame([*rows, failed])


def make_results(analyses, arms=("active",)):
    """Results in long form; ``analyses`` holds id, role, method and values of the estimate."""
    rows = []
    for name, role, method, values in analyses:
        common = {"ANALYSIS": name, "ROLE": role, "METHOD": method, "CONVERGED": None}
        if values is None:
            rows.append(common | {"STATISTIC": "note", "TEXT": "Not computed."})
            continue
        for arm, (part, value) in itertools.product(
            arms, zip(("", "_lower", "_upper"), values, strict=True)
        ):
            statistic = f"{METHODS[method].measure('log_change')}{part}"
            rows.append(common | {"STATISTIC": statistic, "GROUP": arm, "VALUE": value})
    columns = ["ANALYSIS", "ROLE", "METHOD", "CONVERGED", "STATISTIC", "GROUP", "VALUE", "TEXT"]
    frame = pd.DataFrame(rows, columns=columns).assign(VISIT=None)
    return frame.assign(VARIABLE=None, LEVEL=None, VALUE=frame["VALUE"].astype(np.float64))
