"""Simulated trials of OPUS's size as the analysis datasets that methods read.

Counts are drawn by visit, not by day, so that ten thousand trials are drawn in minutes: a
participant has a log-normal seizure rate, a log-normal response that lasts, a fluctuation from
visit to visit, and Poisson counts around them. With the defaults the standard deviation of the log
change over weeks 8 to 24 is about 0.94, the one that the published interval of OPUS implies.
"""

from __future__ import annotations

from dataclasses import dataclass

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
}
TYPES = ("focal_aware_motor", "focal_impaired_awareness", "focal_to_bilateral_tonic_clonic")


@dataclass(frozen=True)
class Truth:
    """What trials are drawn from.

    Attributes:
        participants: Randomised participants.
        log_ratio: Effect of the active arm on every log seizure rate from day 1 on.
        median_rate: Median seizures per 28 days before those with too few are left out.
        rate_sd: Standard deviation of the log rate between participants.
        response_sd: Standard deviation of the lasting change of the log rate.
        visit_sd: Standard deviation of the log rate's fluctuation between visits.
        placebo_change: Mean lasting change of the log rate in the reference arm.
        dropout: Probability of leaving in each of the visit intervals.
        recorded: Probability that a day is recorded.
    """

    participants: int = 66
    log_ratio: float = 0.0
    median_rate: float = 6.0
    rate_sd: float = 0.9
    response_sd: float = 0.8
    visit_sd: float = 0.35
    placebo_change: float = -0.35
    dropout: float = 0.012
    recorded: float = 0.95


def draw_trial(
    truth: Truth, rng: np.random.Generator, *, diary: bool = False
) -> dict[str, pd.DataFrame]:
    """Draw one trial.

    Args:
        truth: What it is drawn from.
        rng: Source of randomness; the diary has a stream of its own, so that a trial is the same
            with and without it.
        diary: Whether to draw the daily diary too.

    Returns:
        ``adsl``, ``adsz``, ``adtte`` and ``adice`` with the variables that the analyses of OPUS's
        plan read; with a diary also ``intervals`` and ``seizures``.
    """
    people, rate = _people(truth, rng)
    n, visits = len(people), len(VISITS)
    active = (people["TRT01P"] == ARMS[1]).to_numpy()
    change = truth.placebo_change + truth.response_sd * rng.standard_normal(n)
    change += truth.log_ratio * active
    noise = truth.visit_sd * rng.standard_normal((n, visits))
    per_day = np.exp(np.log(rate) + change)[:, None] * np.exp(noise) / VISIT_DAYS
    days = rng.binomial(VISIT_DAYS, truth.recorded, (n, visits))
    left = np.where(rng.random((n, visits)) < truth.dropout, np.arange(visits), visits).min(axis=1)
    gone = np.arange(visits) > left[:, None]
    partly = np.arange(visits) == left[:, None]
    days = np.where(gone, 0, np.where(partly, days // 2, days))
    counts = rng.poisson(per_day * days)
    free = np.minimum(rng.binomial(days, np.exp(-per_day)), days)
    people["COMPLFL"] = np.where(left == visits, "Y", "N")
    people["EOSSTT"] = np.where(left == visits, "completed", "discontinued")
    people["EOSDY"] = np.where(left == visits, 169, left * VISIT_DAYS + VISIT_DAYS // 2)
    adsz = _adsz(people, counts, days, free, rng)
    tables = {
        "adsl": people,
        "adsz": adsz,
        "adtte": _adtte(people, counts, days, rng),
        "adice": _adice(people),
    }
    return tables | _diary(people, counts, days, left, rng.spawn(1)[0]) if diary else tables


def _people(truth: Truth, rng: np.random.Generator) -> tuple[pd.DataFrame, np.ndarray]:
    """Eligible participants with their baseline, randomised in stratified blocks of four."""
    n = truth.participants
    rate = np.exp(np.log(truth.median_rate) + truth.rate_sd * rng.standard_normal(20 * n))
    seizures = rng.poisson(rate * 42 / 28 * np.exp(truth.visit_sd * rng.standard_normal(20 * n)))
    chosen = np.flatnonzero(seizures >= 6)[:n]
    rate, seizures = rate[chosen], seizures[chosen]
    structural = rng.random(n) < 0.45
    stratum = 2 * structural + (seizures >= 24)
    arm = np.empty(n, dtype=object)
    for code in np.unique(stratum):
        own = np.flatnonzero(stratum == code)
        blocks = -(-len(own) // 4)
        order = np.concatenate([rng.permutation([0, 0, 1, 1]) for _ in range(blocks)])
        arm[own] = np.array(ARMS, dtype=object)[order[: len(own)]]
    flags = dict.fromkeys(("RANDFL", "DOSEDFL", "FASFL", "SAFFL", "MITTFL", "PPROTFL"), "Y")
    people = pd.DataFrame(
        {
            "STUDYID": "simulated",
            "USUBJID": [f"P{number:03d}" for number in range(n)],
            "SITEID": rng.integers(1, 29, n).astype(str),
            "TRT01P": arm,
            "AGE": rng.integers(18, 76, n).astype(float),
            "SEX": np.where(rng.random(n) < 0.5, "F", "M"),
            "STRUCTFL": np.where(structural, "Y", "N"),
            "HIGHBLFL": np.where(seizures >= 24, "Y", "N"),
            "CURRASM": rng.integers(1, 6, n),
            "FAILASM": rng.integers(2, 9, n),
            "RANDDT": pd.Timestamp("2018-03-20") + pd.to_timedelta(np.arange(n), "D"),
            "BSCOUNT": seizures.astype(float),
            "BSDAYS": 42.0,
            "BSFREQ": seizures * 28 / 42,
            **flags,
        }
    )
    people["COMPLETERSFL"] = "Y"
    people["STRAT1R"], people["STRAT2R"] = people["STRUCTFL"], people["HIGHBLFL"]
    people["STRATAR"] = people["STRUCTFL"] + people["HIGHBLFL"]
    people["LBSFREQ"] = np.log(people["BSFREQ"])
    return people, rate


def _adsz(
    people: pd.DataFrame,
    counts: np.ndarray,
    days: np.ndarray,
    free: np.ndarray,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """ADSZ of all visits and windows."""
    base = people["BSFREQ"].to_numpy()
    shares = rng.dirichlet(np.array([3.0, 5.0, 2.0]), len(people))
    spans = {visit: (place, place + 1) for place, visit in enumerate(VISITS)} | WINDOWS
    parts = []
    for name, (first, after) in spans.items():
        count, recorded = counts[:, first:after].sum(1), days[:, first:after].sum(1)
        known = np.where(recorded > 0, recorded, np.nan)
        freq = 28 * count / known
        percent = 100 * (freq - base) / base
        gained = 28 * free[:, first:after].sum(1) / known - 28 * np.exp(-base / 28)
        parameters = {
            "SZCOUNT": (count.astype(float), None, None, None),
            "SZDAYS": (recorded.astype(float), None, None, None),
            "SZFREQ": (freq, base, freq - base, percent),
            "LOGCHG": _logs(freq + 0.2, base),
            "LOGCHG2": _logs(freq + 0.2, base + 0.2),
            "PCTCHG": (percent, None, None, None),
            "FREEDAYS": (gained, None, gained, None),
        }
        for cut, codes in (
            (50, "RESP50 RESP50N RESP50P RESP50C"),
            (75, "RESP75"),
            (90, "RESP90"),
            (100, "RESP100"),
        ):
            reached = np.where(np.isnan(freq), np.nan, (percent <= -cut).astype(float))
            for code in codes.split():
                failed = (
                    (people["COMPLFL"] != "Y").to_numpy() & (code not in ("RESP50",)) & (cut == 50)
                )
                parameters[code] = (np.where(failed, 0.0, reached), None, None, None)
        for place, code in enumerate(("LOGFAM", "LOGFIA", "LOGFBTC")):
            own = rng.binomial(count, shares[:, place]) * 28 / known
            parameters[code] = _logs(own + 0.2, base * shares[:, place] + 0.2)
        for code, columns in parameters.items():
            parts.append((name, first, after, code, *columns))
    return _long(people, parts)


def _logs(after: np.ndarray, before: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, None]:
    return np.log(after), np.log(before), np.log(after / before), None


def _long(people: pd.DataFrame, parts: list[tuple]) -> pd.DataFrame:
    n, blank = len(people), np.full(len(people), np.nan)
    columns = {
        name: np.concatenate([blank if part[place] is None else part[place] for part in parts])
        for place, name in ((4, "AVAL"), (5, "BASE"), (6, "CHG"), (7, "PCHG"))
    }

    def repeated(values: list, dtype: str = "object") -> np.ndarray:
        return np.repeat(np.array(values, dtype=dtype), n)

    return pd.DataFrame(
        {
            "USUBJID": np.tile(people["USUBJID"].to_numpy(), len(parts)),
            "TRT01P": np.tile(people["TRT01P"].to_numpy(), len(parts)),
            "PARAMCD": pd.Categorical(repeated([part[3] for part in parts])),
            "AVISIT": pd.Categorical(repeated([part[0] for part in parts])),
            "AWTYPE": pd.Categorical(
                repeated(["window" if part[0] in WINDOWS else "visit" for part in parts])
            ),
            "AWLO": repeated([1 + VISIT_DAYS * part[1] for part in parts], "int64"),
            "AWHI": repeated([1 + VISIT_DAYS * part[2] for part in parts], "int64"),
            **columns,
            "ANL01FL": np.where(np.isnan(columns["AVAL"]), "N", "Y"),
        }
    )


def _adtte(
    people: pd.DataFrame, counts: np.ndarray, days: np.ndarray, rng: np.random.Generator
) -> pd.DataFrame:
    """Times to the first seizure, to the monthly baseline count and to leaving."""
    ends = np.where(people["COMPLFL"] == "Y", 168, people["EOSDY"]).astype(float)
    wanted = {
        "TTSZ1": np.ones(len(people)),
        "TTPSC": np.ceil(people["BSFREQ"].to_numpy()),
    }
    rows = []
    for person, end in enumerate(ends):
        times = np.sort(
            np.concatenate(
                [
                    VISIT_DAYS * visit + rng.integers(1, VISIT_DAYS + 1, counts[person, visit])
                    for visit in range(len(VISITS))
                ]
            )
        )
        for code, number in wanted.items():
            k = int(number[person])
            happened = len(times) >= k
            rows.append((person, code, float(times[k - 1]) if happened else end, int(not happened)))
        stayed = people["COMPLFL"].iat[person] == "Y"
        rows.append((person, "TTDISC", end, int(stayed)))
    frame = pd.DataFrame(rows, columns=["person", "PARAMCD", "AVAL", "CNSR"])
    own = people.iloc[frame["person"]].reset_index(drop=True)
    return frame.drop(columns="person").assign(
        USUBJID=own["USUBJID"],
        TRT01P=own["TRT01P"],
        PARAM=frame["PARAMCD"],
        EVNTDESC="event",
        CNSDTDSC="end of the diary",
    )


def _diary(
    people: pd.DataFrame,
    counts: np.ndarray,
    days: np.ndarray,
    left: np.ndarray,
    rng: np.random.Generator,
) -> dict[str, pd.DataFrame]:
    """The days of the diary and its seizures: recorded days and counts placed at random.

    Nobody who left recorded a day after leaving in the middle of a visit interval.
    """
    n, visits = counts.shape
    cells = n * visits
    order = rng.random((cells, VISIT_DAYS))
    half = (np.arange(visits) == left[:, None]).reshape(cells)
    order[half, VISIT_DAYS // 2 :] += 1  # these days are taken last
    place = order.argsort(axis=1).argsort(axis=1)
    recorded = place < days.reshape(cells)[:, None]
    of_seizure = np.repeat(np.arange(cells), counts.reshape(cells))
    which = np.floor(rng.random(len(of_seizure)) * days.reshape(cells)[of_seizure]).astype(int)
    seizures = np.zeros((cells, VISIT_DAYS), dtype=int)
    np.add.at(seizures, (of_seizure, place.argsort(axis=1)[of_seizure, which]), 1)
    start = np.tile(np.arange(1, visits * VISIT_DAYS + 1), n)
    daily = pd.DataFrame(
        {
            "USUBJID": np.repeat(people["USUBJID"].to_numpy(), visits * VISIT_DAYS),
            "START": start,
            "END": start + 1,
            "RECORDED": recorded.ravel(),
            "COUNT": seizures.ravel(),
        }
    )
    events = daily.loc[daily["COUNT"] > 0, ["USUBJID", "START", "COUNT"]]
    return {
        "intervals": daily.drop(columns="COUNT"),
        "seizures": events.assign(SEIZTYPE=TYPES[0], CLUSTER=False).reset_index(drop=True),
    }


def _adice(people: pd.DataFrame) -> pd.DataFrame:
    left = people[people["COMPLFL"] != "Y"]
    return pd.DataFrame(
        {
            "USUBJID": left["USUBJID"],
            "TRT01P": left["TRT01P"],
            "ICECD": "discontinuation",
            "ICE": "Discontinuation",
            "ADY": left["EOSDY"],
        }
    )
