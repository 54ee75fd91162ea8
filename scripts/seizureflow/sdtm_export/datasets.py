"""Makes SDTM datasets of a study's canonical tables (docs/sdtm-diary.md describes the diary's)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from seizureflow.cell_text import text_of
from seizureflow.protocol import Protocol
from seizureflow.sdtm_export.diary import diary_datasets
from seizureflow.sdtm_export.notation import iso_dates, supplemental_qualifiers

Entry = dict[str, Any]


def sdtm_datasets(
    protocol: Protocol, tables: Mapping[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """Make the SDTM datasets of a study.

    Args:
        protocol: The study's protocol.
        tables: The canonical tables, ``treatment`` among them.

    Returns:
        Datasets by name (``DM``, ``SUPPDM``, ``DS``, ``EX``, ``AE``, ``CM``, ``SV``, ``CE``,
        ``SUPPCE``, ``FA``), those that the study has records for.

    Raises:
        InputError: A diary has intervals longer than a day, which the mapping cannot hold.

    Source:
        CDISC SDTM Implementation Guide 3.4.
    """
    people = tables["participants"]
    made = {"DM": _demographics(protocol, tables), "DS": _disposition(people, tables)}
    supplement = supplemental_qualifiers(people, "DM", "", _person_qualifiers(protocol, people))
    if len(supplement):
        made["SUPPDM"] = supplement
    for name, make in (("doses", _exposure), ("adverse_events", _events), ("visits", _visits)):
        if name in tables:
            made |= make(protocol, tables[name])
    if "medications" in tables:
        made |= _medications(tables["medications"])
    if protocol.has_domain("diary"):
        made |= diary_datasets(protocol, people, tables)
    return {
        name: _identified(protocol.study, name, frame) for name, frame in made.items() if len(frame)
    }


def _identified(study: str, name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Put study and domain first, and number the records of each participant."""
    result = frame.reset_index(drop=True)
    result.insert(0, "STUDYID", study.upper())
    if name.startswith("SUPP"):
        return result
    result.insert(1, "DOMAIN", name)
    if name != "DM" and f"{name}SEQ" not in result:
        result.insert(3, f"{name}SEQ", result.groupby("USUBJID").cumcount() + 1)
    return result


def _upper(values: pd.Series[Any]) -> pd.Series[Any]:
    return values.astype("str").fillna("").str.upper()


def _demographics(protocol: Protocol, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    people = tables["participants"]
    arms = {arm["id"]: arm["label"] for arm in protocol.arms}
    arm = people["USUBJID"].map(tables["treatment"].set_index("USUBJID")["ARMCD"].to_dict())
    randomised = arm.notna()
    return pd.DataFrame(
        {
            "USUBJID": people["USUBJID"],
            "SUBJID": people["USUBJID"].str.split("-").str[-1],
            "RFSTDTC": iso_dates(people["RFDT"].where(randomised)),
            "RFICDTC": iso_dates(people["SCRNDT"]),
            "SITEID": people["SITEID"].fillna(""),
            "AGE": people["AGE"],
            "AGEU": np.where(people["AGE"].notna(), "YEARS", ""),
            "SEX": people["SEX"].fillna(""),
            "ARMCD": _upper(arm).where(randomised, "SCRNFAIL"),
            "ARM": arm.map(arms).where(randomised, "Screen Failure"),
        }
    )


def _person_qualifiers(protocol: Protocol, people: pd.DataFrame) -> pd.DataFrame:
    covariates = protocol.data["domains"]["participants"]["columns"].get("covariates", {})
    strata = [f"STRAT{n}R" for n in range(1, len(protocol.data["design"]["strata"]) + 1)]
    labels = {name: entry["label"] for name, entry in covariates.items()}
    labels |= {
        name: f"{protocol.labels[factor]}, at randomisation"
        for name, factor in zip(strata, protocol.data["design"]["strata"], strict=True)
    }
    named = [name for name in (*covariates, *strata) if name in people]
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "ROW": people.index,
                    "QNAM": name,
                    "QLABEL": labels[name][:40],
                    "QVAL": text_of(people[name]),
                }
            )
            for name in named
        ]
        or [pd.DataFrame(columns=["ROW", "QNAM", "QLABEL", "QVAL"])]
    )


def _disposition(people: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    dated = people[people["RANDDT"].notna()]
    milestones = pd.DataFrame(
        {
            "USUBJID": dated["USUBJID"],
            "DSTERM": "RANDOMIZED",
            "DSDECOD": "RANDOMIZED",
            "DSCAT": "PROTOCOL MILESTONE",
            "DSSTDTC": iso_dates(dated["RANDDT"]),
        }
    )
    ends = tables.get("disposition")
    if ends is None:
        return milestones
    # A participant who stopped is decoded to the reason, all others to their status.
    stopped = ends["REASON"].notna() & (ends["STATUS"] == "discontinued")
    events = pd.DataFrame(
        {
            "USUBJID": ends["USUBJID"],
            "DSTERM": ends["REASON"].fillna(ends["STATUS"]),
            "DSDECOD": _upper(ends["REASON"].where(stopped, ends["STATUS"])),
            "DSCAT": "DISPOSITION EVENT",
            "DSSTDTC": iso_dates(ends["ADT"]),
        }
    )
    both = pd.concat([milestones, events])
    return both.sort_values(["USUBJID", "DSSTDTC"], kind="stable")


def _exposure(protocol: Protocol, doses: pd.DataFrame) -> dict[str, pd.DataFrame]:
    unit = (protocol.domain("doses") or {}).get("unit", "")
    return {
        "EX": pd.DataFrame(
            {
                "USUBJID": doses["USUBJID"],
                "EXTRT": "STUDY TREATMENT",
                "EXDOSE": doses["DOSE"],
                "EXDOSU": unit,
                "EXSTDTC": iso_dates(doses["ADT"]),
                "EXENDTC": iso_dates(doses["AENDT"]),
            }
        )
    }


def _events(protocol: Protocol, events: pd.DataFrame) -> dict[str, pd.DataFrame]:
    related = events["RELATED"].map({"Y": "RELATED", "N": "NOT RELATED"}).fillna("")
    return {
        "AE": pd.DataFrame(
            {
                "USUBJID": events["USUBJID"],
                "AETERM": events["TERM"],
                "AEDECOD": events["TERM"],
                "AEBODSYS": events["BODYSYS"].fillna(""),
                "AESEV": _upper(events["SEVERITY"]),
                "AESER": events["SERIOUS"],
                "AEACN": _upper(events["ACTION"]),
                "AEREL": related,
                "AESTDTC": iso_dates(events["ASTDT"], events["ASTDTF"]),
                "AEENDTC": iso_dates(events["AENDT"], events["AENDTF"]),
            }
        )
    }


def _medications(courses: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {
        "CM": pd.DataFrame(
            {
                "USUBJID": courses["USUBJID"],
                "CMTRT": courses["MEDICATION"],
                "CMCLAS": courses["CLASS"].fillna(""),
                "CMINDC": courses["REASON"].fillna(""),
                "CMSTDTC": iso_dates(courses["ASTDT"], courses["ASTDTF"]),
                "CMENDTC": iso_dates(courses["AENDT"], courses["AENDTF"]),
            }
        )
    }


def visit_name(visit: str) -> str:
    """Name of a visit in SDTM.

    >>> visit_name("week_4")
    'WEEK 4'
    """
    return visit.upper().replace("_", " ")


def _visits(protocol: Protocol, visits: pd.DataFrame) -> dict[str, pd.DataFrame]:
    order = {visit: number for number, visit in enumerate(protocol.known_visits, start=3)}
    return {
        "SV": pd.DataFrame(
            {
                "USUBJID": visits["USUBJID"],
                "VISITNUM": visits["VISIT"].map(order).fillna(1).astype("int64"),
                "VISIT": visits["VISIT"].map(visit_name),
                "SVSTDTC": iso_dates(visits["ADT"]),
            }
        )
    }
