"""Time the default run on two cores, from clean and with nothing to do, and its rules.

Usage: python benchmarks/default_run.py [repeats]

Runs the last commit in a fresh clone, with the environment that runs this script.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).parents[1]


def seconds(folder: Path) -> float:
    """Wall time of one run of Snakemake."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "snakemake", "--cores", "2", "--quiet", "all"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - start


def rule_times(folder: Path) -> pd.Series:
    """Seconds of all jobs of each script, from the benchmark files of the run."""
    rows = {
        f"{path.parent.parent.name}/{path.stem}": pd.read_csv(path, sep="\t")["s"].iloc[0]
        for path in folder.rglob("timings/*.tsv")
    }
    return pd.Series(rows).sort_values(ascending=False)


def main(repeats: int) -> None:
    clean, nothing = [], []
    for _ in range(repeats):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "clone"
            subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder)], check=True)
            clean.append(seconds(folder))
            nothing.append(seconds(folder))
            jobs = rule_times(folder)
    for label, values in (("from clean", clean), ("nothing to do", nothing)):
        print(
            f"{label}: median {statistics.median(values):.1f} s "
            f"(from {min(values):.1f} to {max(values):.1f} s, {repeats} runs)"
        )
    print(f"\n{len(jobs)} jobs, {jobs.sum():.0f} s in all; the slowest (s):")
    print(jobs.head(8).to_string())


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
