"""A file between two steps that is damaged, whatever its date says, is named; deleted, it is made anew."""

import os
from dataclasses import dataclass

import pytest

from faults.disturbed_run import checksums
from faults.told import AGAIN

pytestmark = [pytest.mark.faults, pytest.mark.workflow]


@dataclass(frozen=True)
class Case:
    """A file, what is left of it, and an output that is missing so that a step reads it."""

    file: str
    kept: float
    missing: str
    old_date: bool = False


CASES = {
    "an empty table": Case("adam/adsl.parquet", 0, "adam/adsz.parquet"),
    "half a table": Case("ard.parquet", 0.5, "report.html"),
    "half a table of the old date": Case("adam/adsl.parquet", 0.5, "adam/adsz.parquet", True),
    "half the words of a figure": Case("figures/forest.json", 0.5, "report.html"),
    "half a figure": Case("figures/forest.svg", 0.5, "report.html"),
    "half a report": Case("report.html", 0.5, "report.pdf"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_damaged_file(finished, undisturbed, name):
    case = CASES[name]
    study = finished.folder / "results/tiny"
    damaged = study / case.file
    before, content = damaged.stat(), damaged.read_bytes()
    damaged.write_bytes(content[: int(len(content) * case.kept)])
    if case.old_date:
        os.utime(damaged, ns=(before.st_atime_ns, before.st_mtime_ns))
    (study / case.missing).unlink()
    run = AGAIN.do(finished)
    said = run.stdout + run.stderr
    assert run.returncode != 0
    for words in (f"results/tiny/{case.file}\n", "is damaged", f"rm results/tiny/{case.file}"):
        assert words in said
    assert "Traceback" not in said
    damaged.unlink()
    run = AGAIN.do(finished)
    assert run.returncode == 0, run.stdout + run.stderr
    assert checksums(finished.folder / "results") == undisturbed.results


def test_deleted_files(finished):
    """They are missed although all that is made from them is there."""
    made_by = {
        "adam/adsl.parquet": "derive_adsl",
        "data_quality/findings.csv": "collect_findings",
        "endpoints/ancova/primary.parquet": "analyse_endpoint",
        "figures/forest.pdf": "draw_figure",
        "ard.csv": "collect_results",
    }
    for name in made_by:
        (finished.folder / "results/tiny" / name).unlink()
    assert set(made_by.values()) <= set(finished.planned())
