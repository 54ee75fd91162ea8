"""The reference datasets and results for mixed models for repeated measures.

`data/mmrm_reference.json` holds what R's mmrm and emmeans give on the `data/*.csv` beside it; R and
package versions are in the file. Progabide is reshaped to four visits of two weeks, its outcome
log(28-day frequency + 0.2) - log(baseline 28-day frequency).
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

DATA = Path(__file__).parent / "data"
PROGABIDE = Path(__file__).parents[2] / "studies" / "progabide" / "data" / "counts.csv"
ARMS = ("placebo", "low", "high", "active", "progabide")
DF = {
    "Satterthwaite": "satterthwaite",
    "Kenward-Roger": "kenward-roger",
    "Kenward-Roger-Linear": "kenward-roger-linear",
    "empirical": "satterthwaite",
    "ml": "satterthwaite",
}


@cache
def reference() -> dict[str, Any]:
    return json.loads((DATA / "mmrm_reference.json").read_text())["fits"]


@cache
def trial(name: str) -> pd.DataFrame:
    data = pd.read_csv(PROGABIDE if name == "progabide" else DATA / f"{name}.csv")
    if name == "progabide":
        data = data.melt(
            ["id", "arm", "age", "baseline_8_weeks"],
            [f"weeks_{w}_{w + 1}" for w in (1, 3, 5, 7)],
            "period",
            "count",
        ).rename(columns={"id": "subject"})
        data["visit"] = data["period"].str.extract(r"weeks_(\d)").astype(int) // 2 + 1
        data["log_baseline"] = np.log(data["baseline_8_weeks"] * 28 / 56)
        data["change"] = np.log(data["count"] * 28 / 14 + 0.2) - data["log_baseline"]
    data["arm"] = pd.Categorical(data["arm"], [a for a in ARMS if a in set(data["arm"])])
    data["visit"] = pd.Categorical(
        data["visit"].astype(str), data["visit"].drop_duplicates().sort_values().astype(str)
    )
    for name_ in ("structural", "high_baseline"):
        if name_ in data:
            data[name_] = pd.Categorical(data[name_])
    return data


def arguments(case: str) -> dict[str, Any]:
    """Arguments of `mmrm` for one reference fit, named dataset/structure/method."""
    dataset, structure, method = case.split("/")
    return {
        "formula": f"change ~ {reference()[case]['rhs']}",
        "data": trial(dataset),
        "subject": "subject",
        "visit": "visit",
        "covariance": structure,
        "df": DF[method],
        "reml": method != "ml",
        "vcov": "cr0" if method == "empirical" else "model",
    }


def r_name(term: str) -> str:
    """A coefficient's name as R writes it, with the factors of an interaction sorted."""
    plain = term.replace("[T.", "").replace("]", "")
    plain = "(Intercept)" if plain == "Intercept" else plain
    return ":".join(sorted(plain.split(":")))
