"""A study's simulated and calibrated raw files, and the record of how they were calibrated."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd

from seizureflow.methods import load_method
from seizureflow.protocol import Protocol, load_protocol
from seizureflow.provenance import Trace
from seizureflow.published import compare_published
from seizureflow.results import results_frame
from seizureflow.simulation.calibration import Calibration, calibrate
from seizureflow.simulation.cohort import Cohort, simulate_cohort
from seizureflow.simulation.edits import apply_edits
from seizureflow.simulation.spec import load_cohort_spec
from seizureflow.simulation.study_data import analysis_spec, study_data
from seizureflow.simulation.targets import read_targets
from seizureflow.streams import Streams
from seizureflow.study_days import study_day
from seizureflow.whole_files import write_whole
from seizureflow.yaml_source import read_yaml

Entry = dict[str, Any]

# Digits of the unrounded numbers in the record: enough to see how near a rounding edge they are,
# few enough not to depend on the machine.
DIGITS = 7


@dataclass(frozen=True)
class CalibratedCohort:
    """The cohort whose analyses print the published numbers, and the record of its calibration."""

    cohort: Cohort
    record: Entry

    @property
    def unmet(self) -> list[Entry]:
        """The published numbers that the cohort does not give."""
        return [target for target in self.record["targets"] if not target["met"]]

    def write(self, study: Path) -> None:
        """Write the raw files to the study's ``data`` and the record beside them."""
        self.cohort.write(study / "data")
        text = json.dumps(self.record, indent=1, ensure_ascii=True) + "\n"
        write_whole(study / "calibration.json", text)


def calibrate_study(study: Path, schemas: Path) -> CalibratedCohort:
    """Simulate the cohort of a study and calibrate it to the study's published numbers.

    Args:
        study: Folder with ``cohort.yaml``, ``protocol.yaml`` and ``published.yaml``.
        schemas: Folder of the schemas.

    The numbers in the record are those of the finished raw files, read and analysed anew.
    """
    spec = load_cohort_spec(study / "cohort.yaml")
    published = read_yaml(study / "published.yaml").data
    rng = np.random.default_rng(spec.seed)
    cohort = simulate_cohort(spec, rng)
    with TemporaryDirectory() as folder:
        protocol, data = _read(cohort, study, schemas, Path(folder) / study.name)
        diary = cohort.tables["diary"]
        days = _study_days(diary, data["participants"])
        calibration = calibrate(
            protocol,
            data,
            diary.assign(day=days),
            read_targets(published),
            Streams.of(rng).branch("calibration"),
        )
        edited = apply_edits(diary, days, calibration.plans, calibration.edits.tolist())
        cohort = replace(cohort, tables={**cohort.tables, "diary": edited})
        protocol, data = _read(cohort, study, schemas, Path(folder) / study.name)
        results = _results(protocol, data, published)
    return CalibratedCohort(
        cohort,
        {
            "seed": spec.seed,
            "edits": _edit_record(calibration),
            "analyses_run": calibration.measurements,
            "targets": _target_records(compare_published(published, results)),
        },
    )


def _read(
    cohort: Cohort, study: Path, schemas: Path, folder: Path
) -> tuple[Protocol, dict[str, pd.DataFrame]]:
    """Write the raw files beside a copy of the protocol, and read them as any study is read."""
    cohort.write(folder / "data")
    write_whole(folder / "protocol.yaml", (study / "protocol.yaml").read_bytes())
    protocol = load_protocol(folder, schemas)
    return protocol, study_data(protocol)


def _study_days(diary: pd.DataFrame, participants: pd.DataFrame) -> pd.Series[Any]:
    day_one = participants.set_index("USUBJID")["RFDT"]
    return study_day(pd.to_datetime(diary["date"]), diary["participant"].map(day_one))


def _results(protocol: Protocol, data: dict[str, pd.DataFrame], published: Entry) -> pd.DataFrame:
    """Run every analysis that a published number is compared with."""
    untraced = Trace("", "", "", "")
    frames = []
    for name in dict.fromkeys(target.analysis for target in read_targets(published)):
        entry = protocol.analysis(name)
        result = load_method(entry["method"])(analysis_spec(protocol, name), data)
        frames.append(results_frame(protocol.study, entry, result, untraced, "unblinded"))
    return pd.concat(frames, ignore_index=True)


def _edit_record(calibration: Calibration) -> Entry:
    edits = calibration.edits
    days = sum(
        len(plan.days(edit)) for plan, edit in zip(calibration.plans, edits.tolist(), strict=True)
    )
    return {
        "participants": len(edits),
        "participants_edited": int((edits != 0).sum()),
        "days_edited": days,
        "seizures_before": sum(plan.seizures for plan in calibration.plans),
        "seizures_added": int(edits[edits > 0].sum()),
        "seizures_removed": int(-edits[edits < 0].sum()),
        "most_in_one_participant": int(np.abs(edits).max(initial=0)),
    }


def _target_records(comparison: pd.DataFrame) -> list[Entry]:
    """Return one record per published number that a statistic answers to."""
    compared = comparison[comparison["ANALYSIS"].notna()]
    return [
        {
            "id": row["ID"],
            "published": row["PUBLISHED"],
            "simulated": row["THIS_RUN"],
            "unrounded": None if pd.isna(row["UNROUNDED"]) else _shortened(row["UNROUNDED"]),
            "met": row["VERDICT"] == "same",
        }
        for row in compared.to_dict("records")
    ]


def _shortened(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
