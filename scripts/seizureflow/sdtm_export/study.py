"""Writes a study as SDTM files, with a protocol that reads them back."""

from __future__ import annotations

import copy
import datetime as dt
from errno import EEXIST
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import yaml

from seizureflow.exports.dataset_json import write_dataset_json
from seizureflow.exports.xport import write_xport
from seizureflow.findings import refuse_errors
from seizureflow.ingestion.study import ingest_study
from seizureflow.problems import InputError, Problem
from seizureflow.protocol import Protocol
from seizureflow.sdtm_export.datasets import sdtm_datasets, visit_name
from seizureflow.sdtm_export.variables import DATASET_LABELS, described, keys_of
from seizureflow.whole_files import whole_folder, write_whole
from seizureflow.yaml_source import read_yaml

Entry = dict[str, Any]
Format = Literal["xpt", "dataset-json"]

FOLDER = "data/sdtm"
# Equal data give equal bytes: the time of writing is not in the files.
_CREATED = dt.datetime(1970, 1, 1)


def export_study(protocol: Protocol, target: Path, file_format: Format) -> list[Path]:
    """Write the raw records of a study as SDTM.

    Args:
        protocol: The study's protocol; its treatment is unblinded.
        target: Folder of the new study, named like the study; it must not exist.
        file_format: SAS transport version 5, or Dataset-JSON 1.1.

    Returns:
        The datasets written.

    Raises:
        InputError: Treatment is blinded, a raw file has errors, or the diary is not a daily one.
        FileExistsError: The folder exists.
    """
    if protocol.is_blinded:
        raise InputError(
            [
                Problem(
                    f"{protocol.folder / 'protocol.yaml'}, treatment",
                    "The study is blinded; its SDTM datasets would hold arms and doses.",
                    action="Export once the protocol says treatment: unblinded.",
                )
            ]
        )
    latest = pd.Timestamp(protocol.data.get("data_cutoff", dt.date.today()))
    found = ingest_study(protocol, latest)
    refuse_errors(found.findings)
    datasets = sdtm_datasets(protocol, found.tables)
    if target.exists():
        raise FileExistsError(EEXIST, "The folder exists already", str(target))
    with whole_folder(target) as partial:
        names = _write_datasets(protocol, datasets, partial / FOLDER, file_format)
        _write_protocol(protocol, found.tables, partial)
    return [target / FOLDER / name for name in names]


def _write_datasets(
    protocol: Protocol, datasets: dict[str, pd.DataFrame], folder: Path, file_format: Format
) -> list[str]:
    names = []
    for name, frame in datasets.items():
        columns = described(frame)
        if file_format == "xpt":
            path = folder / f"{name.lower()}.xpt"
            write_xport(frame, path, name, DATASET_LABELS[name], columns, _CREATED)
        else:
            path = folder / f"{name.lower()}.json"
            write_dataset_json(
                frame,
                path,
                name,
                DATASET_LABELS[name],
                columns,
                study=protocol.study.upper(),
                created=_CREATED,
                keys=keys_of(name, frame),
            )
        names.append(path.name)
    return names


def _write_protocol(protocol: Protocol, tables: dict[str, pd.DataFrame], target: Path) -> None:
    """Write the protocol with its raw files replaced by the SDTM datasets."""
    plan = copy.deepcopy(read_yaml(protocol.folder / "protocol.yaml").data)
    plan["source"] = {"standard": "sdtm", "folder": FOLDER}
    plan["domains"] = {
        name: entry
        for name, entry in _domains(plan["domains"], protocol, tables).items()
        if entry is not None
    }
    text = yaml.safe_dump(plan, sort_keys=False, allow_unicode=True, width=120)
    write_whole(target / "protocol.yaml", text)
    for name in ("published.yaml", "README.md"):
        if (protocol.folder / name).is_file():
            write_whole(target / name, (protocol.folder / name).read_bytes())


def _domains(domains: Entry, protocol: Protocol, tables: dict[str, pd.DataFrame]) -> Entry:
    covariates = domains["participants"]["columns"].get("covariates", {})
    strata = protocol.data["design"]["strata"]
    used = [
        name
        for number, name in enumerate(strata, start=1)
        if f"STRAT{number}R" in tables["participants"]
    ]
    numbers = {name: strata.index(name) + 1 for name in used}
    people: Entry = {
        "covariates": {
            # What a value stands for has been applied: SDTM holds the values that are analysed.
            name: {k: v for k, v in entry.items() if k != "values"} | {"column": name}
            for name, entry in covariates.items()
        },
        "randomisation_strata": {name: {"column": f"STRAT{numbers[name]}R"} for name in used},
    }
    made: Entry = {"participants": {"columns": {k: v for k, v in people.items() if v}}}
    if "diary" in domains:
        made["diary"] = {}
    if "visits" in domains:
        made["visits"] = {
            "values": {"visit": _back(tables["visits"]["VISIT"], visit_name)},
        }
    if "doses" in domains:
        kept = ("unit", "interval_days", "planned_dose")
        made["doses"] = {k: v for k, v in domains["doses"].items() if k in kept}
    if "disposition" in domains:
        ends = tables["disposition"]
        made["disposition"] = {
            "completed_value": domains["disposition"]["completed_value"],
            "other_status": "discontinued",
            "values": {"status": _back(ends.loc[ends["STATUS"] != "discontinued", "STATUS"])},
        }
    if "adverse_events" in domains:
        made["adverse_events"] = _adverse_events(domains["adverse_events"], tables)
    if "medications" in domains:
        made["medications"] = _partial(domains["medications"])
    return made


def _adverse_events(entry: Entry, tables: dict[str, pd.DataFrame]) -> Entry:
    events = tables["adverse_events"]
    values = {
        "severity": _back(pd.Series(entry["severity_order"])),
        "related": {"RELATED": "Y", "NOT RELATED": "N"},
        "action": _back(events["ACTION"].dropna()),
    }
    names = ("severity_order", "withdrawn_value", "emergent")
    kept = {k: v for k, v in entry.items() if k in names}
    return kept | {"values": values} | _partial(entry)


def _partial(entry: Entry) -> Entry:
    return {k: v for k, v in entry.items() if k == "partial_dates"}


def _back(values: pd.Series, written: Any = str.upper) -> dict[str, str]:
    """For each value as SDTM writes it, the value that it stands for."""
    return {written(value): value for value in sorted(values.unique())}
