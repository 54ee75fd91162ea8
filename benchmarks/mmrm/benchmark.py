"""Time and memory of mixed models for repeated measures; prints the tables of README.md.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python benchmarks/mmrm/benchmark.py [fits scale batch]

Runs on one core. Where Rscript and R's mmrm are installed, times R on the same data as well.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from shutil import which

import numpy as np
import pandas as pd
from seizureflow.mmrm import mmrm, mmrm_batch
from simulate import simulate_trial

ROOT = Path(__file__).parents[2]
COLUMNS = {"subject": "subject", "visit": "visit"}
FORMULA = "y ~ arm * visit + base + race"
# Medians of R 4.2.2 with mmrm 0.3.18 on one core of a machine like this one, for trials of these
# sizes: Satterthwaite, Kenward-Roger.
R_SECONDS = {
    "progabide, 59 x 4, 10 effects": (0.039, 0.049),
    "200 x 4": (0.040, 0.064),
    "1,000 x 10, dropout, 23 effects": (2.4, 27.2),
}


def median_seconds(call, repeats: int) -> float:
    """Processor seconds of a call: the lowest of five medians of ``repeats`` calls.

    One thread, so an idle machine's clock shows the same; other work on it only adds time.
    """
    call()
    medians = []
    for _ in range(5):
        seconds = []
        for _ in range(repeats):
            start = time.process_time()
            call()
            seconds.append(time.process_time() - start)
        medians.append(np.median(seconds))
    return float(min(medians))


def progabide() -> pd.DataFrame:
    wide = pd.read_csv(ROOT / "studies" / "progabide" / "data" / "counts.csv")
    data = wide.melt(["id", "arm", "age", "baseline_8_weeks"], var_name="visit", value_name="count")
    data = data.rename(columns={"id": "subject"})
    data["visit"] = pd.Categorical(data["visit"], sorted(data["visit"].unique()))
    data["arm"] = pd.Categorical(data["arm"], ["placebo", "progabide"])
    data["base"] = np.log(data["baseline_8_weeks"] / 2)
    data["y"] = np.log(2 * data["count"] + 0.2) - data["base"]
    return data


def r_seconds(data: pd.DataFrame, formula: str, repeats: int) -> tuple[float, float] | None:
    if which("Rscript") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trial.csv"
        data.to_csv(path, index=False)
        command = ["Rscript", str(Path(__file__).with_name("time_mmrm.R")), str(path)]
        done = subprocess.run(
            [*command, f"{formula} + us(visit | subject)", str(repeats)],
            capture_output=True,
            text=True,
            check=False,
        )
    numbers = done.stdout.split()
    return (float(numbers[0]), float(numbers[1])) if done.returncode == 0 else None


def single_fits() -> None:
    cases = {
        "progabide, 59 x 4, 10 effects": (progabide(), "y ~ arm * visit + base + age", 200),
        "200 x 4": (simulate_trial(200, 4), FORMULA, 200),
        "1,000 x 10, dropout, 23 effects": (simulate_trial(1000, 10), FORMULA, 20),
    }
    print("| trial | rows | method | seconds | R here | R as measured | times faster |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, (data, formula, repeats) in cases.items():
        here = r_seconds(data, formula, 3)
        for i, df in enumerate(("satterthwaite", "kenward-roger")):
            ours = median_seconds(lambda d=data, f=formula, m=df: fitted(f, d, m), repeats)
            r = f"{here[i]:.3f}" if here else "-"
            known = R_SECONDS[name][i]
            ratio = (here[i] if here else known) / ours
            print(f"| {name} | {len(data)} | {df} | {ours:.4f} | {r} | {known} | {ratio:.0f} |")


def fitted(formula: str, data: pd.DataFrame, df: str) -> None:
    """A fit with everything R's mmrm() computes: estimates and what its inference needs."""
    mmrm(formula, data, df=df, **COLUMNS)


def scale() -> None:
    """Each size in a process of its own, so that its peak memory is its own."""
    print("| visits | subjects | rows | patterns | Newton steps | seconds | peak memory, MB |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for visits in (4, 8, 16):
        for subjects in (100, 1_000, 10_000, 100_000):
            command = [sys.executable, __file__, "one", str(subjects), str(visits)]
            print(
                subprocess.run(command, capture_output=True, text=True, check=True).stdout, end=""
            )


def one_size(subjects: int, visits: int) -> None:
    import resource

    data = simulate_trial(subjects, visits)
    mmrm(FORMULA, simulate_trial(60, 3), **COLUMNS)  # imports and caches
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    fit = mmrm(FORMULA, data, df="kenward-roger", **COLUMNS)
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    patterns = len(fit._layout.pattern_size)
    print(
        f"| {visits} | {subjects:,} | {len(data):,} | {patterns} | {fit.iterations} |"
        f" {seconds:.3f} | {peak / 1024:.0f} (+{(peak - before) / 1024:.0f}) |"
    )


def batch() -> None:
    data = simulate_trial(66, 4, dropout=0.15)
    rng = np.random.default_rng(5)
    count = 1000
    person = rng.normal(size=(count, 66))[:, data["subject"]]
    outcomes = person + rng.normal(size=(count, len(data)))
    print("| 1,000 outcomes on 66 x 4 | seconds | fits per second |")
    print("| --- | --- | --- |")
    for df in ("satterthwaite", "kenward-roger"):

        def run(df=df):
            fits = mmrm_batch(FORMULA, data, outcomes, df=df, **COLUMNS)
            assert fits.converged.all()
            return fits.rows(np.eye(len(fits.terms)))

        seconds = median_seconds(run, 5)
        print(f"| {df}, t inference on all coefficients | {seconds:.3f} | {count / seconds:,.0f} |")
    start = time.process_time()
    for values in outcomes[:100]:
        data["y"] = values
        _ = mmrm(FORMULA, data, **COLUMNS).coefficients
    seconds = 10 * (time.process_time() - start)
    print(f"| satterthwaite, one by one (from 100) | {seconds:.3f} | {count / seconds:,.0f} |")


if __name__ == "__main__":
    wanted = sys.argv[1:] or ["fits", "scale", "batch"]
    if wanted[0] == "one":
        one_size(int(wanted[1]), int(wanted[2]))
    for name, table in (("fits", single_fits), ("scale", scale), ("batch", batch)):
        if name in wanted:
            table()
            print()
