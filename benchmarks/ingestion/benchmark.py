"""Time and memory from the raw files of a diary to ADSZ; prints the tables of README.md.

    python benchmarks/ingestion/benchmark.py run [--rows 10000 100000 ...] [--format parquet|csv]
    python benchmarks/ingestion/benchmark.py steps [--rows 10000000]

``run`` starts Snakemake on two cores for a made-up study of each size. ``steps`` times the steps of
the library from canonical tables on, those of each job in a process of its own.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from seizureflow.adsz import derive_adsz
from seizureflow.adtte import derive_adtte
from seizureflow.protocol import Protocol, load_protocol
from seizureflow.seizure_frequency import (
    countable_intervals,
    frequency,
    longest_seizure_free_run,
    window_totals,
)
from seizureflow.tables import COUNTED_COLUMNS, read_table, write_table
from seizureflow.windows import participant_windows
from simulate import DAYS, STUDY, identifiers, write_canonical, write_raw

ROOT = Path(__file__).parents[2]
SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
JOBS = ("eligibility", "adsz", "adtte")
PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 2**20
SAMPLE_SECONDS = 0.05


def resident_mb(root: int) -> float:
    """Resident memory of a process and all that it started, in MB.

    Pages that processes share are counted for each, so this is an upper bound.
    """
    parents, pages = {}, {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            pages[int(entry.name)] = int((entry / "statm").read_text().split()[1])
        except (OSError, IndexError):
            continue  # the process has ended
        parents[int(entry.name)] = int(fields[1])
    tree = {root}
    while True:
        more = {child for child, parent in parents.items() if parent in tree} - tree
        if not more:
            return PAGE_MB * sum(pages.get(process, 0) for process in tree)
        tree |= more


def run_to_adsz(folder: Path) -> tuple[float, float]:
    """Seconds and peak MB of Snakemake and its jobs, from the raw files to ADSZ."""
    target = f"results/{STUDY}/adam/adsz.parquet"
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(ROOT / "Snakefile")]
    command += ["--directory", str(folder), "--cores", "2", "--quiet", "all", "--", target]
    start, peak = time.perf_counter(), 0.0
    with (folder / "run.log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        while process.poll() is None:
            peak = max(peak, resident_mb(process.pid))
            time.sleep(SAMPLE_SECONDS)
    seconds = time.perf_counter() - start
    if process.returncode or not (folder / target).is_file():
        sys.exit((folder / "run.log").read_text())
    return seconds, peak


def run(sizes: list[int], suffix: str) -> None:
    print("| rows | participants | seconds | seconds per million rows | peak MB |")
    print("|---|---|---|---|---|")
    for rows in sizes:
        participants = max(rows // DAYS, 2)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "config.yaml").write_text(f"studies: [{STUDY}]\n", encoding="utf-8")
            write_raw(folder / "studies" / STUDY, participants, suffix)
            seconds, peak = run_to_adsz(folder)
        each = seconds / (participants * DAYS / 1e6)
        print(
            f"| {participants * DAYS:,} | {participants:,} | {seconds:.1f} | {each:,.1f} | "
            f"{peak:,.0f} |",
            flush=True,
        )


class Timed:
    """Prints a row of the table of steps for each call."""

    def __init__(self, job: str) -> None:
        self.job = job

    def __call__(self, step: str, call: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        result = call()
        seconds = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"| {self.job} | {step} | {seconds:.2f} | {peak:,.0f} |", flush=True)
        return result


def step_job(job: str, folder: Path, participants: int) -> None:
    """Run the steps of one job on canonical tables."""
    protocol = load_protocol(folder / STUDY, ROOT / "schemas")
    diary, design = protocol.entry("diary"), protocol.entry("design")
    timed = Timed(job)
    tables = timed(
        "read `intervals` and `seizures`",
        lambda: {
            name: read_table(folder / f"{name}.parquet", categories=True, columns=columns)
            for name, columns in COUNTED_COLUMNS.items()
        },
    )
    countable = timed(
        "`countable_intervals`",
        lambda: countable_intervals(tables["intervals"], tables["seizures"], diary),
    )
    del tables["intervals"]
    people = pd.Series(identifiers(participants), dtype="str")
    start, end = design["baseline"]["days"]
    if job == "eligibility":
        timed("`longest_seizure_free_run`", lambda: longest_seizure_free_run(countable, start, end))
        windows = timed(
            "`participant_windows`", lambda: participant_windows(people, pd.DataFrame(), design)
        )
        timed("`window_totals`", lambda: window_totals(countable, windows))
        return
    adsl = made_up_adsl(people, countable, protocol)
    if job == "adsz":
        endpoints = protocol.entry("endpoints")
        adsz = timed(
            "`derive_adsz`",
            lambda: derive_adsz(
                adsl, countable, pd.DataFrame(), design, diary, endpoints, tables["seizures"]
            ),
        )
        timed("write `adsz`", lambda: write_table(adsz, folder / "adsz.parquet", "adsz"))
    else:
        definitions = protocol.entry("time_to_event")
        timed("`derive_adtte`", lambda: derive_adtte(adsl, countable, definitions, design, diary))


def made_up_adsl(people: pd.Series, countable: pd.DataFrame, protocol: Protocol) -> pd.DataFrame:
    """What ADSZ and ADTTE need of ADSL."""
    start, end = protocol.entry("design")["baseline"]["days"]
    windows = pd.DataFrame({"USUBJID": people}).assign(WINDOW="baseline", START=start, END=end)
    totals = window_totals(countable, windows)
    return pd.DataFrame(
        {
            "STUDYID": STUDY,
            "USUBJID": people,
            "TRT01P": np.where(np.arange(len(people)) % 2, "active", "placebo"),
            "RANDFL": "Y",
            "TRTSDT": pd.Timestamp("2019-01-01"),
            "RANDDT": pd.Timestamp("2019-01-01"),
            "EOSDY": pd.array([None] * len(people), "Int64"),
            "COMPLFL": None,
            "BSCOUNT": totals["COUNT"],
            "BSDAYS": totals["DAYS"],
            "BSFREQ": frequency(totals["COUNT"], totals["DAYS"], 28, 1),
        }
    )


def steps(sizes: list[int]) -> None:
    for rows in sizes:
        participants = max(rows // DAYS, 2)
        print(f"\n{participants * DAYS:,} rows\n\n| job | step | seconds | peak MB |")
        print("|---|---|---|---|", flush=True)
        with tempfile.TemporaryDirectory() as name:
            write_canonical(Path(name), participants)
            write_raw(Path(name) / STUDY, 2, "parquet")  # for the protocol
            for job in JOBS:
                command = [sys.executable, __file__, "step", job, name, str(participants)]
                subprocess.run(command, check=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command", required=True)
    whole, parts, one = (commands.add_parser(name) for name in ("run", "steps", "step"))
    whole.add_argument("--rows", type=int, nargs="+", default=list(SIZES))
    whole.add_argument("--format", choices=["parquet", "csv"], default="parquet")
    parts.add_argument("--rows", type=int, nargs="+", default=[SIZES[-1]])
    one.add_argument("job", choices=JOBS)
    one.add_argument("folder", type=Path)
    one.add_argument("participants", type=int)
    arguments = parser.parse_args()
    if arguments.command == "run":
        run(arguments.rows, arguments.format)
    elif arguments.command == "steps":
        steps(arguments.rows)
    else:
        step_job(arguments.job, arguments.folder, arguments.participants)


if __name__ == "__main__":
    main()
