"""A made-up trial with dropouts, zeros, missing days and strata, as the curve reads it."""

import numpy as np
import pandas as pd
from seizureflow.analysis import AnalysisSpec, Arm
from seizureflow.methods import run_method
from seizureflow.specification_curve.choices import specifications
from seizureflow.specification_curve.trial import trial_arrays

ARMS = (Arm("placebo", "Placebo"), Arm("active", "Active"))
VISITS = {"v1": (1, 29), "v2": (29, 57), "v3": (57, 85)}
MIXED = {"covariance": ["us", "cs"], "covariates_by_visit": ["LBSFREQ"]}
GRID = {
    "model": [
        MIXED,
        {"covariance": ["cs"]},
        "ancova",
        "ancova_hc3",
        "negative_binomial",
        "quasi_poisson",
    ],
    "offset": [{"post": 0.2, "baseline": 0}, {"post": 1, "baseline": 1}],
    "window": [{"window": "w", "visits": ["v1", "v2", "v3"]}],
    "baseline": ["whole", "late"],
    "covariates": [["LBSFREQ", "FLAG"], []],
    "population": ["full", "per_protocol"],
    "missing_data": ["observed", "completers", "baseline_imputed"],
    "outliers": ["keep", "winsorise"],
}


def trial_data(size: int = 44, seed: int = 5) -> dict[str, pd.DataFrame]:
    """ADSL and ADSZ, counts from a negative binomial distribution, half as many under treatment."""
    rng = np.random.default_rng(seed)
    treated = np.arange(size) % 2
    rate = np.exp(rng.normal(2, 0.7, size))
    people = pd.DataFrame(
        {
            "USUBJID": [f"P{number:03d}" for number in range(size)],
            "TRT01P": np.where(treated, "active", "placebo"),
            "FASFL": "Y",
            "PPROTFL": np.where(rng.random(size) < 0.85, "Y", "N"),
            "STRATAR": np.where(rng.random(size) < 0.4, "high", "low"),
            "FLAG": np.where(rng.random(size) < 0.5, "Y", "N"),
        }
    )
    baseline_count = rng.poisson(rate * 1.5) + 1
    people["BSFREQ"] = 28 * baseline_count / 42
    people["LBSFREQ"] = np.log(people["BSFREQ"])
    stays = rng.random(size) < 0.8
    counts, days = {}, {}
    for place, name in enumerate(VISITS):
        days[name] = rng.binomial(28, 0.9, size).astype(float)
        mean = rate * np.where(treated, 0.6, 1.0) * days[name] / 28
        counts[name] = rng.negative_binomial(1.5, 1.5 / (1.5 + mean)).astype(float)
        if place:
            counts[name][~stays] = days[name][~stays] = np.nan
    counts["w"] = np.nansum([counts[name] for name in VISITS], axis=0)
    days["w"] = np.nansum([days[name] for name in VISITS], axis=0)
    counts["late"], days["late"] = rng.poisson(rate).astype(float), np.full(size, 28.0)
    bounds = VISITS | {"w": (1, 85), "late": (-28, 1)}
    return {"adsl": people, "adsz": _adsz(people, counts, days, bounds)}


def _adsz(people, counts, days, bounds) -> pd.DataFrame:
    parts = []
    for name, (start, end) in bounds.items():
        frequency = 28 * counts[name] / days[name]
        change = np.log(frequency + 0.2) - people["LBSFREQ"]
        both = np.log(frequency + 1) - np.log(people["BSFREQ"] + 1)
        for code, value, chg in (
            ("SZCOUNT", counts[name], np.nan),
            ("SZDAYS", days[name], np.nan),
            ("SZFREQ", frequency, np.nan),
            ("LOGCHG", np.nan, change),
            ("LOGCHG1", np.nan, both),
        ):
            rows = {"PARAMCD": code, "AVISIT": name, "AWLO": start, "AWHI": end, "AVAL": value}
            parts.append(pd.DataFrame({"USUBJID": people["USUBJID"]} | rows | {"CHG": chg}))
    return pd.concat(parts, ignore_index=True).assign(PCHG=0.0)


def grid_of(**levels):
    """The specifications of the grid, some choices replaced."""
    return specifications(GRID | levels)


def arrays(data, grid):
    return trial_arrays(data, ARMS, 28, grid)


def primary_results(value: float = -40.0) -> pd.DataFrame:
    """Results of a primary analysis, as the summary reads them."""
    row = {"ANALYSIS": "primary", "STATISTIC": "relative_change", "GROUP": "active", "VALUE": value}
    return pd.DataFrame([row | dict.fromkeys(("VARIABLE", "LEVEL", "VISIT"))])


def curve_spec(grid=GRID, permutations: int = 20) -> AnalysisSpec:
    return AnalysisSpec(
        id="curve",
        population="full",
        arms=ARMS,
        options={
            "primary": "primary",
            "relative_reduction": 31,
            "grid": grid,
            "permutations": permutations,
            "chunks": 2,
        },
    )


def ordinary(data, specification) -> tuple[float, float, float, float]:
    """Estimate, limits and p that the ordinary method gives for a specification."""
    model = specification.model
    endpoint = {0.2: "LOGCHG", 1.0: "LOGCHG1"}[specification.offset.post]
    options = {}
    method = "ancova" if model.kind == "ancova_hc3" else model.kind
    if model.kind == "mmrm":
        by_visit = [n for n in model.covariates_by_visit if n in specification.covariates]
        options = {
            "covariance": list(model.covariance),
            "df": model.df,
            "covariates_by_visit": by_visit,
        }
    plan = {
        "analysis": {
            "id": "x",
            "population": specification.population,
            "endpoint": endpoint,
            "window": specification.window,
            "covariates": list(specification.covariates),
            "options": options,
        },
        "arms": [{"id": arm.id, "label": arm.label} for arm in ARMS],
        "visits": list(specification.visits),
        "labels": {},
        "frequency_days": 28,
        "confidence_level": 0.95,
        "endpoint_kind": "log_change",
    }
    found = {
        s.name: s.value
        for s in run_method(method, plan, data).statistics
        if s.reference and s.visit is None
    }
    names = ("relative_change", "relative_change_lower", "relative_change_upper", "p_value")
    return tuple(found[name] for name in names)
