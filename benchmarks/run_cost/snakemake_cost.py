"""Measure what Snakemake itself costs per job, on one core.

Usage: python benchmarks/run_cost/snakemake_cost.py [jobs]

Each kind of job is run as often as told, and once; the difference is divided by the jobs between.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

SCRIPTS = Path(__file__).parents[2] / "scripts"

ALL = """
rule all:
    input: [f"out/{i}.txt" for i in range(int(config["jobs"]))]
"""
# kind of job: what its rule holds besides its output
KINDS = {
    "shell, touches a file": ['shell: "touch {output}"'],
    "script of the standard library": ['script: "plain.py"'],
    "the same with log and benchmark": [
        'log: "logs/{i}.log"',
        'benchmark: "timings/{i}.tsv"',
        'script: "plain.py"',
    ],
    "the same, importing pandas and pyarrow": [
        'log: "logs/{i}.log"',
        'benchmark: "timings/{i}.tsv"',
        'script: "tables.py"',
    ],
}
PLAIN = "from pathlib import Path\nPath(snakemake.output[0]).touch()\n"
TABLES = f"""import sys
sys.path.insert(0, {str(SCRIPTS)!r})
import seizureflow.tables
{PLAIN}"""


def seconds(folder: Path, jobs: int) -> float:
    """Wall time of a run of so many jobs from clean."""
    for name in ("out", ".snakemake"):
        subprocess.run(["rm", "-rf", name], cwd=folder, check=True)
    command = [sys.executable, "-m", "snakemake", "--cores", "1", "--quiet", "all"]
    start = time.perf_counter()
    subprocess.run(
        [*command, "--scheduler", "greedy", "--config", f"jobs={jobs}"],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    return time.perf_counter() - start


def main(jobs: int) -> None:
    for kind, body in KINDS.items():
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "plain.py").write_text(PLAIN)
            (folder / "tables.py").write_text(TABLES)
            lines = ["rule make:", 'output: "out/{i}.txt"', *body]
            rule = "\n" + "\n    ".join(lines) + "\n"
            (folder / "Snakefile").write_text(ALL + rule)
            one, many = seconds(folder, 1), seconds(folder, 1 + jobs)
            print(f"{kind}: {(many - one) / jobs:.3f} s per job (a run of one job: {one:.1f} s)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
