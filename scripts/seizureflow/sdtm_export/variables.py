"""Labels of the SDTM variables that the export writes, and the keys of their datasets."""

from __future__ import annotations

import pandas as pd

from seizureflow.exports.columns import Column

DATASET_LABELS = {
    "DM": "Demographics",
    "SUPPDM": "Supplemental Qualifiers for DM",
    "DS": "Disposition",
    "EX": "Exposure",
    "AE": "Adverse Events",
    "CM": "Concomitant Medications",
    "SV": "Subject Visits",
    "CE": "Clinical Events",
    "SUPPCE": "Supplemental Qualifiers for CE",
    "FA": "Findings About",
}
_LABELS = {
    "STUDYID": "Study Identifier",
    "DOMAIN": "Domain Abbreviation",
    "RDOMAIN": "Related Domain Abbreviation",
    "USUBJID": "Unique Subject Identifier",
    "SUBJID": "Subject Identifier for the Study",
    "RFSTDTC": "Subject Reference Start Date/Time",
    "RFICDTC": "Date/Time of Informed Consent",
    "SITEID": "Study Site Identifier",
    "AGE": "Age",
    "AGEU": "Age Units",
    "SEX": "Sex",
    "ARMCD": "Planned Arm Code",
    "ARM": "Description of Planned Arm",
    "IDVAR": "Identifying Variable",
    "IDVARVAL": "Identifying Variable Value",
    "QNAM": "Qualifier Variable Name",
    "QLABEL": "Qualifier Variable Label",
    "QVAL": "Data Value",
    "QORIG": "Origin",
    "VISITNUM": "Visit Number",
    "VISIT": "Visit Name",
    "SVSTDTC": "Start Date/Time of Visit",
    "EXTRT": "Name of Treatment",
    "EXDOSE": "Dose",
    "EXDOSU": "Dose Units",
    "FATESTCD": "Findings About Test Short Name",
    "FATEST": "Findings About Test Name",
    "FAOBJ": "Object of the Observation",
    "FACAT": "Category for Findings About",
    "FAORRES": "Result or Finding in Original Units",
    "FASTRESC": "Character Result/Finding in Std Format",
    "FADTC": "Date/Time of Collection",
    "FAENDTC": "Date of Diary Entry",
    "AESEV": "Severity/Intensity",
    "AESER": "Serious Event",
    "AEACN": "Action Taken with Study Treatment",
    "AEREL": "Causality",
    "AEBODSYS": "Body System or Organ Class",
    "CMTRT": "Reported Name of Drug, Med, or Therapy",
    "CMCLAS": "Medication Class",
    "CMINDC": "Indication",
}
# Labels of variables that every domain names after itself.
_ENDINGS = {
    "SEQ": "Sequence Number",
    "TERM": "Reported Term",
    "DECOD": "Dictionary-Derived Term",
    "CAT": "Category",
    "STDTC": "Start Date/Time",
    "ENDTC": "End Date/Time",
}


def described(frame: pd.DataFrame) -> list[Column]:
    """Describe the columns of a dataset."""
    return [Column(str(name), _label(str(name)), _kind(frame[name])) for name in frame.columns]


def keys_of(name: str, frame: pd.DataFrame) -> list[str]:
    """Variables that tell the rows of a dataset apart."""
    if name.startswith("SUPP"):
        return ["STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM"]
    return ["STUDYID", "USUBJID", *([f"{name}SEQ"] if f"{name}SEQ" in frame else [])]


def _label(name: str) -> str:
    return _LABELS.get(name) or _ENDINGS[name[2:]]


def _kind(values: pd.Series) -> str:
    if pd.api.types.is_integer_dtype(values.dtype):
        return "integer"
    return "float" if pd.api.types.is_float_dtype(values.dtype) else "text"
