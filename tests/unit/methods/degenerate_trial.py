"""A small made-up trial, as the analysis datasets of the shipped study's plan, in degenerate variants.

A diary is counts and recorded days by visit; every dataset is derived from these, so that a variant
that edits them stays one consistent trial.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

ARMS = ("placebo", "natalizumab")
VISIT_DAYS = 28
VISITS = ("week_4", "week_8", "week_12", "week_16", "week_20", "week_24")
WINDOWS = {
    "weeks_0_8": (0, 2),
    "weeks_8_24": (2, 6),
    "weeks_0_24": (0, 6),
    "weeks_8_24_on_treatment": (2, 6),
    "weeks_12_24": (3, 6),
}
TYPES = {
    "LOGFAM": "focal_aware_motor",
    "LOGFIA": "focal_impaired_awareness",
    "LOGFBTC": "focal_to_bilateral_tonic_clonic",
}
REDUCTIONS = {"RESP50": 50, "RESP75": 75, "RESP90": 90, "RESP100": 100}
Tables = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class Trial:
    """What the datasets are derived from.

    Attributes:
        people: Rows of ADSL, with ``BSCOUNT`` the seizures of the six weeks of baseline.
        counts: Seizures by participant and visit.
        days: Recorded days by participant and visit.
        left: Visits before the participant left; all where the participant stayed.
    """

    people: pd.DataFrame
    counts: np.ndarray
    days: np.ndarray
    left: np.ndarray

    @property
    def active(self) -> np.ndarray:
        """Who is in the active arm."""
        return (self.people["TRT01P"] == ARMS[1]).to_numpy()

    def dropping_out(self, who: np.ndarray, visits: int) -> Trial:
        """The trial in which some leave after a number of visits."""
        left = np.where(who, visits, self.left)
        gone = np.arange(len(VISITS)) >= left[:, None]
        days, counts = np.where(gone, 0, self.days), np.where(gone, 0, self.counts)
        return replace(self, counts=counts, days=days, left=left)

    def of(self, who: np.ndarray) -> Trial:
        """The trial of some of its participants."""
        return Trial(
            self.people[who].reset_index(drop=True),
            self.counts[who],
            self.days[who],
            self.left[who],
        )


def ordinary_trial(participants: int = 24) -> Trial:
    """A trial with nothing degenerate in it."""
    rng = np.random.default_rng(11)
    number = np.arange(participants)
    rate = np.exp(np.log(8) + 0.6 * rng.standard_normal(participants))
    people = pd.DataFrame(
        {
            "STUDYID": "made_up",
            "USUBJID": [f"P{n:02d}" for n in number],
            "SITEID": [f"S{n % 5}" for n in number],
            "TRT01P": [ARMS[n % 2] for n in number],
            "AGE": rng.integers(18, 76, participants).astype(float),
            "SEX": np.where(rng.random(participants) < 0.5, "F", "M"),
            "STRUCTFL": np.where(number % 4 < 2, "Y", "N"),
            "HIGHBLFL": np.where(number // 4 % 3 == 0, "Y", "N"),
            "CURRASM": 1 + number % 4,
            "FAILASM": 2 + number % 5,
            "BSCOUNT": np.maximum(6, np.round(rate * 42 / 28)),
        }
    )
    change = np.exp(-0.3 + 0.7 * rng.standard_normal(participants))
    counts = rng.poisson(np.repeat((rate * change)[:, None], len(VISITS), axis=1))
    days = rng.integers(20, VISIT_DAYS + 1, (participants, len(VISITS)))
    trial = Trial(people, counts, days, np.full(participants, len(VISITS)))
    return trial.dropping_out(number == 5, 3).dropping_out(number == 10, 4)


def tables(trial: Trial) -> Tables:
    """All datasets that analyses of the plan read."""
    people = _adsl(trial)
    daily = _daily(trial)
    gone = trial.left < len(VISITS)
    leavers = people.loc[gone, ["USUBJID", "TRT01P"]].reset_index(drop=True)
    last_day = people.loc[gone, "EOSDY"].to_numpy()
    no_events = {"AETERM": [], "AEBODSYS": [], "AESEV": [], "AESEVN": [], "AESER": []}
    no_events |= {"AEREL": [], "AEWDFL": [], "AESDTH": [], "TRTEMFL": []}
    no_events |= {"USUBJID": [], "TRT01P": []}
    return {
        "adsl": people,
        "adsz": _adsz(trial, people),
        "adtte": _adtte(trial, people, daily),
        "adice": leavers.assign(ICECD="discontinuation", ICE="Left", ADY=last_day),
        "adae": pd.DataFrame(no_events, dtype="str").assign(ASTDT=pd.to_datetime([])),
        "adex": _adex(trial, people),
        "eligibility": pd.DataFrame({"USUBJID": [], "CRITERION": [], "LABEL": [], "MET": []}),
        "medications": pd.DataFrame(
            {name: [] for name in ("USUBJID", "CLASS", "REASON", "ASTDY", "AENDY")}
        ),
        "disposition": leavers[["USUBJID"]].assign(REASON="lack of efficacy", ASTDY=last_day),
        "intervals": daily[["USUBJID", "START", "END", "RECORDED"]],
        "seizures": daily.loc[daily["COUNT"] > 0, ["USUBJID", "START", "COUNT"]]
        .assign(SEIZTYPE=TYPES["LOGFAM"], CLUSTER=False)
        .reset_index(drop=True),
    }


def _adsl(trial: Trial) -> pd.DataFrame:
    people = trial.people.copy()
    stayed = trial.left == len(VISITS)
    for flag in ("RANDFL", "DOSEDFL", "FASFL", "SAFFL", "MITTFL", "PPROTFL", "COMPLETERSFL"):
        people[flag] = "Y"
    people["SCRNDT"] = people["RANDDT"] = people["LSTVSDT"] = pd.Timestamp("2020-03-02")
    people["TRTSDT"] = people["TRTEDT"] = people["RANDDT"]
    people["EOSDT"] = people["RANDDT"] + pd.to_timedelta(VISIT_DAYS * trial.left - 1, unit="D")
    people["COMPLFL"] = np.where(stayed, "Y", "N")
    people["DCSREAS"] = np.where(stayed, None, "lack of efficacy")
    people["EOSSTT"] = np.where(stayed, "completed", "discontinued")
    people["EOSDY"] = VISIT_DAYS * trial.left
    people["BSDAYS"] = 42.0
    people["BSFREQ"] = people["BSCOUNT"] * 28 / 42
    people["LBSFREQ"] = np.log(people["BSFREQ"].where(people["BSFREQ"] > 0))
    people["STRAT1R"], people["STRAT2R"] = people["STRUCTFL"], people["HIGHBLFL"]
    people["STRATAR"] = people["STRUCTFL"] + people["HIGHBLFL"]
    return people


def _adsz(trial: Trial, people: pd.DataFrame) -> pd.DataFrame:
    spans = {visit: (place, place + 1) for place, visit in enumerate(VISITS)} | WINDOWS
    frames = []
    for name, (first, after) in spans.items():
        count = trial.counts[:, first:after].sum(axis=1)
        days = trial.days[:, first:after].sum(axis=1)
        free = np.maximum(trial.days - trial.counts, 0)[:, first:after].sum(axis=1)
        frame = _parameters(people, count, days, free)
        kind = "window" if name in WINDOWS else "visit"
        low, high = 1 + VISIT_DAYS * first, 1 + VISIT_DAYS * after
        frames.append(frame.assign(AVISIT=name, AWTYPE=kind, AWLO=low, AWHI=high))
    frame = _parameters(people, people["BSCOUNT"].to_numpy() * 28 / 42, np.full(len(people), 28))
    frames.append(frame.assign(AVISIT="last_4_weeks", AWTYPE="window", AWLO=-28, AWHI=1))
    adsz = pd.concat(frames, ignore_index=True)
    return adsz.assign(ANL01FL=np.where(adsz["AVAL"].isna(), "N", "Y"))


def _parameters(
    people: pd.DataFrame, count: np.ndarray, days: np.ndarray, free: np.ndarray | float = 0.0
) -> pd.DataFrame:
    """Every parameter of one window."""
    base = people["BSFREQ"].to_numpy()
    positive = np.where(base > 0, base, np.nan)
    known = np.where(days > 0, days, np.nan)
    freq = 28 * count / known
    percent = 100 * (freq - base) / positive
    gained = 28 * free / known - 28 * np.exp(-base / 28)
    values: dict[str, dict[str, np.ndarray]] = {
        "SZCOUNT": {"AVAL": count.astype(float)},
        "SZDAYS": {"AVAL": days.astype(float)},
        "SZFREQ": {"AVAL": freq, "BASE": base, "CHG": freq - base, "PCHG": percent},
        "LOGCHG": _log_change(freq + 0.2, positive),
        "LOGCHG2": _log_change(freq + 0.2, base + 0.2),
        "PCTCHG": {"AVAL": percent},
        "FREEDAYS": {"AVAL": gained, "CHG": gained},
    }
    for code, cut in REDUCTIONS.items():
        reached = np.where(np.isnan(percent), np.nan, (percent <= -cut).astype(float))
        values[code] = {"AVAL": reached}
    completed = (people["COMPLFL"] == "Y").to_numpy()
    for code in ("RESP50N", "RESP50P", "RESP50C"):
        values[code] = {"AVAL": np.where(completed, values["RESP50"]["AVAL"], 0.0)}
    for code in TYPES:
        values[code] = _log_change(freq / 3 + 0.2, base / 3 + 0.2)
    blank = dict.fromkeys(("AVAL", "BASE", "CHG", "PCHG"), np.nan)
    frames = [
        people[["USUBJID", "TRT01P"]].assign(PARAMCD=code, **(blank | columns))
        for code, columns in values.items()
    ]
    return pd.concat(frames, ignore_index=True)


def _log_change(after: np.ndarray, before: np.ndarray) -> dict[str, np.ndarray]:
    after, before = np.log(after), np.log(before)
    return {"AVAL": after, "BASE": before, "CHG": after - before}


def _daily(trial: Trial) -> pd.DataFrame:
    """A row per participant and day; the first days of a visit are recorded, seizures spread."""
    participants, visits = trial.counts.shape
    place = np.arange(VISIT_DAYS)
    days, counts = trial.days[:, :, None], trial.counts[:, :, None]
    recorded = place < days
    at_least, rest = np.divmod(counts, np.maximum(days, 1))
    seizures = np.where(recorded, at_least + (place < rest), 0)
    start = np.tile(np.arange(1, visits * VISIT_DAYS + 1), participants)
    who = np.repeat(trial.people["USUBJID"].to_numpy(), visits * VISIT_DAYS)
    daily = pd.DataFrame({"USUBJID": who, "START": start, "END": start + 1})
    return daily.assign(RECORDED=recorded.ravel(), COUNT=seizures.ravel())


def _adex(trial: Trial, people: pd.DataFrame) -> pd.DataFrame:
    """One dose at the beginning of each visit's period."""
    doses = people.loc[people.index.repeat(trial.left), ["USUBJID", "TRT01P", "RANDDT"]]
    number = doses.groupby("USUBJID").cumcount()
    start = doses["RANDDT"] + pd.to_timedelta(VISIT_DAYS * number, unit="D")
    doses = doses.assign(ASTDT=start, AENDT=start, EXDOSE=300.0)
    return doses.drop(columns="RANDDT").reset_index(drop=True)


def _adtte(trial: Trial, people: pd.DataFrame, daily: pd.DataFrame) -> pd.DataFrame:
    """Times to the first seizure, to the monthly baseline count and to leaving."""
    end = np.maximum(people["EOSDY"].to_numpy(dtype=float), 1)
    running = daily["COUNT"].to_numpy().reshape(len(people), -1).cumsum(axis=1)
    wanted = {"TTSZ1": 1, "TTPSC": np.ceil(people["BSFREQ"].to_numpy())[:, None]}
    frames = []
    for code, number in wanted.items():
        reached = running >= number
        happened = reached.any(axis=1)
        times = np.where(happened, reached.argmax(axis=1) + 1.0, end)
        frames.append(_times(people, code, times, ~happened))
    frames.append(_times(people, "TTDISC", end, trial.left == len(VISITS)))
    frames.append(_times(people, "TTAE", end, np.full(len(people), True)))
    return pd.concat(frames, ignore_index=True)


def _times(people: pd.DataFrame, code: str, times: np.ndarray, censored: np.ndarray):
    return people[["USUBJID", "TRT01P"]].assign(
        PARAMCD=code,
        PARAM=code,
        AVAL=times,
        CNSR=censored.astype(int),
        EVNTDESC="event",
        CNSDTDSC="end of the diary",
    )


def _no_responders_in_an_arm(trial: Trial) -> Trial:
    base = trial.people["BSCOUNT"].to_numpy()[:, None] * 28 / 42
    return replace(trial, counts=np.where(trial.active[:, None], np.ceil(base), trial.counts))


def _no_seizure_after_the_baseline(trial: Trial) -> Trial:
    return replace(trial, counts=np.zeros_like(trial.counts))


def _no_seizure_in_an_arm(trial: Trial) -> Trial:
    return replace(trial, counts=np.where(trial.active[:, None], 0, trial.counts))


def _no_seizure_at_baseline_in_an_arm(trial: Trial) -> Trial:
    people = trial.people
    return replace(
        trial, people=people.assign(BSCOUNT=np.where(trial.active, 0, people["BSCOUNT"]))
    )


def _one_participant_in_a_stratum(trial: Trial) -> Trial:
    alone = np.arange(len(trial.people)) == 1
    people = trial.people.assign(STRUCTFL=np.where(alone, "Y", "N"), HIGHBLFL="N")
    return replace(trial, people=people)


def _no_dropouts(trial: Trial) -> Trial:
    return trial.of(trial.left == len(VISITS))


def _everybody_leaves_before_the_window(trial: Trial) -> Trial:
    return trial.dropping_out(np.full(len(trial.people), True), 2)


def _an_arm_leaves_before_the_window(trial: Trial) -> Trial:
    return trial.dropping_out(trial.active, 2)


def _an_arm_leaves_within_the_window(trial: Trial) -> Trial:
    return trial.dropping_out(trial.active, 4)


def _one_site(trial: Trial) -> Trial:
    return replace(trial, people=trial.people.assign(SITEID="S1"))


def _everybody_alike(trial: Trial) -> Trial:
    people = trial.people.assign(BSCOUNT=12.0, AGE=40.0, STRUCTFL="N", HIGHBLFL="N", CURRASM=2)
    everybody = np.full_like(trial.counts, 4), np.full_like(trial.days, VISIT_DAYS)
    return Trial(people, *everybody, np.full(len(people), len(VISITS)))


def _two_per_arm(trial: Trial) -> Trial:
    return trial.of(np.arange(len(trial.people)) < 4)


def _one_in_an_arm(trial: Trial) -> Trial:
    return trial.of(~trial.active | (np.arange(len(trial.people)) == 1))


def _one_per_arm(trial: Trial) -> Trial:
    return trial.of(np.arange(len(trial.people)) < 2)


def _equal_outcomes(trial: Trial) -> Tables:
    """The datasets of participants who differ at baseline and have the same outcomes."""
    data = tables(trial)
    adsz, constants = data["adsz"], {"AVAL": 1.0, "CHG": -0.5, "PCHG": -40.0}
    constant = {name: adsz[name].where(adsz[name].isna(), at) for name, at in constants.items()}
    return data | {"adsz": adsz.assign(**constant)}


def _an_arm_without_participants(trial: Trial) -> Trial:
    return trial.of(~trial.active)


def _no_seizure_at_all(trial: Trial) -> Trial:
    without = trial.people.assign(BSCOUNT=0.0)
    return replace(trial, people=without, counts=np.zeros_like(trial.counts))


def _covariates_unknown(trial: Trial) -> Trial:
    unknown = {"AGE": np.nan, "CURRASM": np.nan, "FAILASM": np.nan}
    return replace(trial, people=trial.people.assign(**unknown))


def _strata_that_are_the_arms(trial: Trial) -> Trial:
    flag = np.where(trial.active, "Y", "N")
    return replace(trial, people=trial.people.assign(STRUCTFL=flag, HIGHBLFL=flag))


def _most_visits_unrecorded(trial: Trial) -> Trial:
    recorded = np.random.default_rng(3).random(trial.days.shape) < 0.4
    return replace(trial, counts=trial.counts * recorded, days=trial.days * recorded)


def _everybody_leaves_at_once(trial: Trial) -> Trial:
    return trial.dropping_out(np.full(len(trial.people), True), 0)


def _derived(edit: Callable[[Trial], Trial]) -> Callable[[Trial], Tables]:
    return lambda trial: tables(edit(trial))


VARIANTS: dict[str, Callable[[Trial], Tables]] = {
    "nothing_degenerate": tables,
    "single_visit": tables,
    "no_responders_in_an_arm": _derived(_no_responders_in_an_arm),
    "no_seizure_after_the_baseline": _derived(_no_seizure_after_the_baseline),
    "no_seizure_in_an_arm": _derived(_no_seizure_in_an_arm),
    "no_seizure_at_baseline_in_an_arm": _derived(_no_seizure_at_baseline_in_an_arm),
    "one_participant_in_a_stratum": _derived(_one_participant_in_a_stratum),
    "no_dropouts": _derived(_no_dropouts),
    "everybody_leaves_before_the_window": _derived(_everybody_leaves_before_the_window),
    "an_arm_leaves_before_the_window": _derived(_an_arm_leaves_before_the_window),
    "an_arm_leaves_within_the_window": _derived(_an_arm_leaves_within_the_window),
    "one_site": _derived(_one_site),
    "equal_outcomes": _equal_outcomes,
    "everybody_alike": _derived(_everybody_alike),
    "two_per_arm": _derived(_two_per_arm),
    "one_in_an_arm": _derived(_one_in_an_arm),
    "one_per_arm": _derived(_one_per_arm),
    "an_arm_without_participants": _derived(_an_arm_without_participants),
    "no_seizure_at_all": _derived(_no_seizure_at_all),
    "covariates_unknown": _derived(_covariates_unknown),
    "strata_that_are_the_arms": _derived(_strata_that_are_the_arms),
    "most_visits_unrecorded": _derived(_most_visits_unrecorded),
    "everybody_leaves_at_once": _derived(_everybody_leaves_at_once),
}
