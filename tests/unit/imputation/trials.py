"""Small incomplete trials for tests."""

import numpy as np
import pandas as pd
from seizureflow.analysis import AnalysisSpec, Arm

VISITS = ("v1", "v2", "v3")
DEFAULTS = {
    "strategy": "J2R",
    "inference": "conditional_mean_jackknife",
    "draws": 20,
    "bootstrap_samples": 20,
    "covariance": ["us"],
    "covariates_by_visit": [],
    "earlier_visits": [],
    "analysis_visits": "average",
    "deltas_active": [0, 0.5, 1.0, 2.0],
    "deltas_reference": [0, 0.5],
    "cumulative": False,
    "threshold_percent": None,
    "completion_flag": "COMPLFL",
    "trim_percent": "adaptive",
}


def study(per_arm=12, arms=("placebo", "active"), visits=VISITS, seed=1, effect=-0.5):
    """ADSL and ADSZ; nothing is missing."""
    rng = np.random.default_rng(seed)
    n = per_arm * len(arms)
    people = pd.DataFrame({"USUBJID": [f"P{number:02d}" for number in range(n)]})
    people["TRT01P"] = list(arms) * per_arm
    people = people.assign(
        FASFL="Y",
        COMPLFL="Y",
        LBSFREQ=rng.normal(2, 0.5, n),
        SEX=np.where(np.arange(n) % 3 == 0, "F", "M"),
    )
    person = rng.normal(0, 0.5, n) + effect * (people["TRT01P"] != arms[0])
    frames = [
        people[["USUBJID"]].assign(
            PARAMCD="LOGCHG", AVISIT=visit, CHG=person + rng.normal(0, 0.5, n)
        )
        for visit in visits
    ]
    return {"adsl": people, "adsz": pd.concat(frames, ignore_index=True)}


def lose(data, participants, visits):
    """The study with some participants' outcomes at some visits missing."""
    adsz = data["adsz"].copy()
    gone = adsz["USUBJID"].isin(participants) & adsz["AVISIT"].isin(visits)
    adsz.loc[gone, "CHG"] = np.nan
    return {**data, "adsz": adsz}


def make_spec(arms=("placebo", "active"), visits=VISITS, covariates=("LBSFREQ",), **options):
    return AnalysisSpec(
        id="x",
        population="full",
        arms=tuple(Arm(arm, arm.capitalize()) for arm in arms),
        endpoint="LOGCHG",
        window="w",
        covariates=covariates,
        visits=visits,
        endpoint_kind="log_change",
        options=DEFAULTS | options,
    )
