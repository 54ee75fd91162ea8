"""The trials of the R reference as the analysis datasets that methods read."""

from pathlib import Path

import numpy as np
import pandas as pd

DATA = Path(__file__).parent / "data"
PROGABIDE = Path(__file__).parents[2] / "studies" / "progabide" / "data" / "counts.csv"


def read_participants(name: str) -> pd.DataFrame:
    """One row per participant: arm, covariates, counts and days, as R's ``period()`` makes them."""
    if name == "progabide":
        wide = pd.read_csv(PROGABIDE)
        weeks = wide.filter(regex="^weeks_")
        return pd.DataFrame(
            {
                "USUBJID": wide["id"].astype(str),
                "TRT01P": wide["arm"],
                "BSFREQ": wide["baseline_8_weeks"] * 28 / 56,
                "BSCOUNT": wide["baseline_8_weeks"],
                "BSDAYS": 56,
                "COUNT": weeks.sum(axis=1),
                "DAYS": 56,
            }
        )
    rows = pd.read_csv(DATA / f"{name}.csv")
    people = rows.groupby("subject", as_index=False).agg(
        TRT01P=("arm", "first"),
        STRUCTFL=("structural", "first"),
        HIGHBLFL=("high_baseline", "first"),
        BSFREQ=("baseline_sf", "first"),
        BSCOUNT=("baseline_count", "first"),
        COUNT=("count", "sum"),
        DAYS=("days", "sum"),
    )
    flags = ["STRUCTFL", "HIGHBLFL"]
    people[flags] = people[flags].astype(str)
    return people.rename(columns={"subject": "USUBJID"}).assign(BSDAYS=42)


def analysis_datasets(people: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """ADSL and ADSZ with the variables that the methods read."""
    people = people.assign(
        FASFL="Y", LBSFREQ=np.log(people["BSFREQ"]), FREQ=28 * people["COUNT"] / people["DAYS"]
    )
    change = np.log(people["FREQ"] + 0.2) - people["LBSFREQ"]
    percent = 100 * (people["FREQ"] - people["BSFREQ"]) / people["BSFREQ"]
    parameters = {
        "SZCOUNT": {"AVAL": people["COUNT"]},
        "SZDAYS": {"AVAL": people["DAYS"]},
        "SZFREQ": {"AVAL": people["FREQ"], "PCHG": percent},
        "LOGCHG": {"CHG": change},
        "RESP50": {"AVAL": (percent <= -50).astype(float)},
    }
    adsz = pd.concat(
        [
            pd.DataFrame(
                {"USUBJID": people["USUBJID"], "PARAMCD": code, "AVISIT": "window"} | columns
            )
            for code, columns in parameters.items()
        ]
    ).reset_index(drop=True)
    return {"adsl": people, "adsz": adsz}


def visit_datasets(name: str) -> dict[str, pd.DataFrame]:
    """ADSL and ADSZ with a row per participant, visit ("1", "2", ...) and parameter."""
    if name == "progabide":
        wide = pd.read_csv(PROGABIDE)
        rows = wide.melt(
            ["id", "arm", "age", "baseline_8_weeks"],
            [column for column in wide if column.startswith("weeks_")],
            "column",
            "count",
        )
        places = {column: str(i) for i, column in enumerate(wide.filter(regex="^weeks_"), 1)}
        rows = rows.assign(
            USUBJID=rows["id"].astype(str),
            visit=rows["column"].map(places),
            days=14,
            BSFREQ=rows["baseline_8_weeks"] / 2,
            AGE=rows["age"],
        )
    else:
        rows = pd.read_csv(DATA / f"{name}.csv")
        rows = rows.assign(
            USUBJID=rows["subject"],
            visit=rows["visit"].astype(str),
            BSFREQ=rows["baseline_sf"],
            STRUCTFL=rows["structural"].astype(str),
            HIGHBLFL=rows["high_baseline"].astype(str),
        )
    rows = rows.assign(
        TRT01P=rows["arm"],
        FASFL="Y",
        LBSFREQ=np.log(rows["BSFREQ"]),
        FREQ=28 * rows["count"] / rows["days"],
    )
    known = ["USUBJID", "TRT01P", "FASFL", "BSFREQ", "LBSFREQ", "AGE", "STRUCTFL", "HIGHBLFL"]
    people = rows[[column for column in known if column in rows]].drop_duplicates("USUBJID")
    parameters = {
        "SZCOUNT": {"AVAL": rows["count"].astype(float)},
        "SZDAYS": {"AVAL": rows["days"].astype(float)},
        "SZFREQ": {"AVAL": rows["FREQ"]},
        "LOGCHG": {"CHG": np.log(rows["FREQ"] + 0.2) - rows["LBSFREQ"]},
    }
    adsz = pd.concat(
        [
            pd.DataFrame(
                {"USUBJID": rows["USUBJID"], "PARAMCD": code, "AVISIT": rows["visit"]} | columns
            )
            for code, columns in parameters.items()
        ],
        ignore_index=True,
    )
    return {"adsl": people.reset_index(drop=True), "adsz": adsz}
