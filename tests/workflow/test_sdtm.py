"""A study that comes as SDTM files gives the results of the study that it was exported from."""

import shutil
import subprocess
import sys

import pandas as pd
import pytest

from workflow.test_default_run import checksums

pytestmark = pytest.mark.workflow

# What says which raw files were read, or shows it, differs; nothing that is derived does.
NAMES_ITS_FILES = ("data_quality/", "canonical/", "adam/define.", "report.html")


def results_of(path):
    """Results without the hashes of what they were computed from."""
    frame = pd.read_csv(path) if path.suffix == ".csv" else pd.read_parquet(path)
    return frame.drop(columns=["DATA_SHA256", "PLAN_SHA256"])


# What is analysed from equal datasets is equal; of each kind of input one analysis is run, and those
# for one format.
DATASETS = ("adam/export",)
ANALYSES = (
    "endpoints/mmrm/primary.parquet",
    "endpoints/cox/tpsc_cox.parquet",
    "sensitivity/recurrent_seizures/recurrent.parquet",
    "sensitivity/mmrm/hypothetical_mmrm.parquet",
    "safety/adverse_event_summary/adverse_events.parquet",
    "safety/exposure_summary/exposure.parquet",
    "safety/medication_changes/medication_changes.parquet",
    "safety/deaths/deaths.parquet",
    "figures/diary_heatmap.svg",
    "figures/participant_flow.svg",
)
FORMATS = [("xpt", (*DATASETS, *ANALYSES)), ("dataset-json", DATASETS)]


@pytest.mark.parametrize(("file_format", "targets"), FORMATS)
def test_opus_as_sdtm_gives_the_same_results_to_the_last_bit(
    finished, tmp_path, file_format, targets
):
    target = tmp_path / "exported" / "opus"
    export = subprocess.run(
        [sys.executable, "scripts/export_sdtm.py", "studies/opus", target, "--format", file_format],
        cwd=finished.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert export.returncode == 0, export.stderr
    before = tmp_path / "before"
    shutil.move(finished.folder / "results" / "opus", before)
    shutil.rmtree(finished.folder / "results")
    shutil.rmtree(finished.folder / "studies" / "opus")
    shutil.copytree(target, finished.folder / "studies" / "opus")
    asked = [f"results/opus/{name}" for name in targets]
    run = finished.snakemake("--cores", "2", "--", *asked)
    assert run.returncode == 0, run.stdout + run.stderr
    after = finished.folder / "results" / "opus"
    found, expected = checksums(after), checksums(before)
    derived = {name for name in found if not name.startswith(NAMES_ITS_FILES)}
    assert derived <= set(expected)
    assert {name for name in targets if "." in name} <= derived
    differing = {name for name in derived if found[name] != expected[name]}
    # Analyses that read the diary itself have the hash of its file, which names the raw file's rows.
    # The plan of analyses of adverse events has SDTM's own word for a fatal outcome.
    for name in differing:
        assert results_of(after / name).equals(results_of(before / name)), name
    assert {"adam/adsl.parquet", "adam/adsz.parquet", "adam/adtte.parquet"} <= derived
    assert "0 errors" in (finished.folder / "results/opus/data_quality/checked.txt").read_text()
