"""What the jobs of a finished run took: critical path, kinds of jobs, and memory against requests.

Usage: python benchmarks/run_cost/finished_run.py FOLDER [wall seconds, cores]

FOLDER is a copy of the project with its results.
"""

import subprocess
import sys
from dataclasses import dataclass, field
from functools import cache
from io import StringIO
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))
from seizureflow.report.run_times import JobTime, job_times


@dataclass
class Step:
    """A job of the run, and those that it waits for."""

    rule: str
    study: str
    time: JobTime
    needs: set[str] = field(default_factory=set)


def steps(folder: Path) -> dict[str, Step]:
    """All jobs of the run by the path of their log."""
    asked = [sys.executable, "-m", "snakemake", "--detailed-summary"]
    said = subprocess.run(asked, cwd=folder, check=True, capture_output=True, text=True).stdout
    files = pd.read_csv(StringIO(said), sep="\t", keep_default_na=False)
    times = {
        f"{times.parent}/logs/{job.name}.log": job
        for times in sorted((folder / "results").glob("**/timings"))
        for job in job_times(times.parent)
    }
    times = {str(Path(log).relative_to(folder)): job for log, job in times.items()}
    maker = dict(zip(files["output_file"], files["log-file(s)"], strict=True))
    found: dict[str, Step] = {}
    for row in files.to_dict("records"):
        log = row["log-file(s)"]
        if log not in times:
            continue
        study = Path(log).parts[1] if len(Path(log).parts) > 3 else ""
        step = found.setdefault(log, Step(row["rule"], study, times[log]))
        step.needs |= {maker[file] for file in row["input-file(s)"].split(",") if file in maker}
    _wait_for_checks(found)
    return found


def _wait_for_checks(found: dict[str, Step]) -> None:
    """What follows the checks of a study waits for them, without a file of theirs."""
    for check in [log for log, step in found.items() if step.rule == "check_data"]:
        before = {check}
        while more := {n for log in before for n in found[log].needs if n in found} - before:
            before |= more
        for log, step in found.items():
            if step.study == found[check].study and log not in before:
                step.needs.add(check)


def critical_path(found: dict[str, Step]) -> list[str]:
    """The chain of jobs, each waiting for the one before, that takes longest."""

    @cache
    def longest(log: str) -> tuple[float, tuple[str, ...]]:
        before = [longest(need) for need in found[log].needs if need in found]
        seconds, chain = max(before, default=(0.0, ()))
        return seconds + found[log].time.seconds, (*chain, log)

    return list(max(longest(log) for log in found)[1])


def main(folder: Path, wall: float, cores: int) -> None:
    found = steps(folder)
    rows = pd.DataFrame(
        {
            "rule": step.rule,
            "job": step.time.name,
            "seconds": step.time.seconds,
            "processor": step.time.processor_seconds,
            "memory": step.time.memory,
        }
        for step in found.values()
    )
    print(f"{len(rows)} jobs, {rows['seconds'].sum():.0f} s of their own")
    if wall:
        share = 1 - rows["seconds"].sum() / (wall * cores)
        print(f"{share:.0%} of {cores} x {wall:.0f} s are not theirs")
    path = critical_path(found)
    print(f"\nCritical path: {sum(found[log].time.seconds for log in path):.1f} s")
    for log in path:
        print(f"  {found[log].time.seconds:6.2f} s  {found[log].study} {found[log].time.name}")
    grouped = rows.groupby("rule").agg(
        jobs=("job", "size"),
        seconds=("seconds", "sum"),
        median=("seconds", "median"),
        longest=("seconds", "max"),
        memory=("memory", "max"),
    )
    print("\n" + grouped.sort_values("seconds", ascending=False).round(1).to_string())


if __name__ == "__main__":
    numbers = sys.argv[2:] or ["0", "2"]
    main(Path(sys.argv[1]).resolve(), float(numbers[0]), int(numbers[1]))
