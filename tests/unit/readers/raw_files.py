"""Writes small raw files, whole or broken, for tests of the readers."""

import json
import zipfile

import openpyxl
import pandas as pd
import pyreadstat
from seizureflow.readers import read_file

DATA_TYPES = {"str": "string", "int64": "integer", "float64": "double", "datetime64[ms]": "date"}


def dataset_json(frame, **changes):
    """Dataset-JSON 1.1 of a frame as an object, with changed keys; None deletes a key."""
    columns = [
        {"itemOID": f"IT.{name}", "name": name, "label": f"The {name}", "dataType": kind}
        for name, kind in zip(frame, map(DATA_TYPES.get, map(str, frame.dtypes)), strict=True)
    ]
    rows = [[_json_value(value) for value in row] for row in frame.itertuples(index=False)]
    about = {
        "datasetJSONCreationDateTime": "2024-01-01T00:00:00",
        "datasetJSONVersion": "1.1.0",
        "itemGroupOID": "IG.DM",
        "records": len(rows),
        "name": "DM",
        "label": "Demographics",
        "columns": columns,
        "rows": rows,
    } | changes
    return {key: value for key, value in about.items() if value is not None}


def _json_value(value):
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return None if pd.isna(value) else value


def write_json(frame, path, **changes):
    path.write_text(json.dumps(dataset_json(frame, **changes)), encoding="utf-8")


def write_ndjson(frame, path, **changes):
    about = dataset_json(frame, **changes)
    lines = [about, *about.pop("rows")]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def write_xlsx(frame, path):
    frame.to_excel(path, index=False)


def write_xpt(frame, path, version=5, **options):
    dates = [name for name in frame if str(frame[name].dtype) == "datetime64[ms]"]
    days = {name: frame[name].dt.date.where(frame[name].notna(), None) for name in dates}
    pyreadstat.write_xport(
        frame.assign(**days),
        str(path),
        table_name="DM",
        file_format_version=version,
        column_labels={name: f"The {name}" for name in frame},
        **options,
    )


def write_cells(path, cells, **sheets):
    """A workbook from rows of values; further sheets by name."""
    book = openpyxl.Workbook()
    for row in cells:
        book.active.append(row)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def rewrite_archive(path, changes, compression=zipfile.ZIP_DEFLATED):
    """Change parts of a zip: by name, new bytes or a function of the old ones."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name, change in changes.items():
        parts[name] = change(parts[name]) if callable(change) else change
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def rules(table, severity="error"):
    """Rules of the findings of a severity, in order."""
    return [finding.rule for finding in table.findings if finding.severity == severity]


def read_bytes(tmp_path, content, name="raw.csv", **options):
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_file(path, **options)
