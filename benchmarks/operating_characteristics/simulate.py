"""Type I error, power and coverage of every analysis in OPUS's plan, on simulated trials.

Usage, from this folder (some hours on two cores for 10,000 trials of the fast methods)::

    PYTHONPATH=../../scripts ../../.venv/bin/python simulate.py --trials 10000

Every analysis with an estimate or a p-value runs as the workflow runs it, on the same simulated
trials. Those slower than a limit run on the first of the trials alone. Results are kept by chunk,
and an interrupted run goes on where it stopped.
"""

from __future__ import annotations

import argparse
import json
import math
import time
import warnings
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from seizureflow.methods import run_method
from seizureflow.plans import analysis_plan, needed_datasets, needed_results
from seizureflow.problems import AnalysisError
from seizureflow.protocol import load_protocol
from seizureflow.registry import METHODS
from trials import Truth, draw_trial

ROOT = Path(__file__).parents[2]
PROTOCOL = load_protocol(ROOT / "studies" / "opus", ROOT / "schemas")
DIARY = {"intervals", "seizures"}
GIVEN = {"adsl", "adsz", "adtte", "adice"} | DIARY
CHUNK = 100
SCENARIOS = {"no_effect": 0.0, "reduction_31": math.log(1 - 0.31)}


def measured() -> list[str]:
    """Analyses of the plan that simulated trials have the data for, and that compare the arms."""
    found = []
    for entry in PROTOCOL.analyses:
        needs = METHODS[entry["method"]]
        compares = needs.measure(PROTOCOL.endpoint_kind(entry.get("endpoint"))) or needs.endpoint
        reads = needed_results(PROTOCOL, entry["id"])
        if compares and not reads and set(needed_datasets(PROTOCOL, entry["id"])) <= GIVEN:
            found.append(entry["id"])
    return found


def run_analysis(identifier: str, data: dict, seed: int) -> dict[str, float]:
    """Estimate, limits and p of an analysis; not a number where it gives none."""
    entry = PROTOCOL.analysis(identifier)
    settings = {"confidence_level": 0.95, "seed": seed}
    plan = analysis_plan(PROTOCOL, identifier, settings)
    measure = METHODS[entry["method"]].measure(plan["endpoint_kind"])
    names = needed_datasets(PROTOCOL, identifier)
    try:
        result = run_method(entry["method"], plan, {name: data[name] for name in names})
    except AnalysisError:
        return {}
    own = {
        statistic.name: statistic.value
        for statistic in reversed(result.statistics)
        if statistic.group not in (None, "placebo")
        and statistic.visit is None
        and statistic.variable is None
    }
    wanted = {"p": "p_value"}
    if measure:
        wanted |= {"estimate": measure, "lower": f"{measure}_lower", "upper": f"{measure}_upper"}
    return {name: own.get(statistic, math.nan) for name, statistic in wanted.items()}


def run_chunk(task: tuple[str, int, list[str], Path]) -> str:
    """Run some analyses on a chunk of trials and write what they gave."""
    scenario, chunk, analyses, folder = task
    truth = Truth(log_ratio=SCENARIOS[scenario])
    found: dict[str, list[dict[str, float]]] = {name: [] for name in analyses}
    seconds = dict.fromkeys(analyses, 0.0)
    diary = any(DIARY & set(needed_datasets(PROTOCOL, name)) for name in analyses)
    for number in range(chunk * CHUNK, (chunk + 1) * CHUNK):
        data = draw_trial(truth, np.random.default_rng([20180320, number]), diary=diary)
        for name in analyses:
            start = time.process_time()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found[name].append(run_analysis(name, data, number))
            seconds[name] += time.process_time() - start
    for name in analyses:
        path = folder / scenario / name / f"{chunk:04d}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        content = {"seconds": seconds[name] / CHUNK, "trials": found[name]}
        path.write_text(json.dumps(content))
    return f"{scenario} {chunk}"


def write_truth(analyses: list[str], folder: Path) -> None:
    """Write what each analysis estimates, from one trial so large that its error does not matter.

    The analyses estimate different things: a ratio of geometric means of frequencies to which 0.2
    was added is not the ratio of the rates.
    """
    path = folder / "truth.json"
    if path.exists():
        return
    values = {}
    for scenario, log_ratio in SCENARIOS.items():
        truth = Truth(participants=8000, log_ratio=log_ratio)
        data = draw_trial(truth, np.random.default_rng(20180320), diary=True)
        values[scenario] = {name: run_analysis(name, data, 0) for name in analyses}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(values))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--trials", type=int, default=10_000, help="of the fast analyses")
    parser.add_argument("--slow-trials", type=int, default=1_000, help="of the slow ones")
    parser.add_argument(
        "--slow", type=float, default=0.02, help="seconds that make an analysis slow"
    )
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--analyses", nargs="*", default=measured())
    parser.add_argument("--scenarios", nargs="*", default=list(SCENARIOS))
    parser.add_argument(
        "--results", type=Path, default=ROOT / "results" / "operating_characteristics"
    )
    options = parser.parse_args()

    def waiting(scenario: str, chunk: int, analyses: list[str]) -> list[str]:
        done = options.results / scenario
        return [name for name in analyses if not (done / name / f"{chunk:04d}.json").exists()]

    def run(chunks: range, analyses: list[str]) -> None:
        tasks = [
            (scenario, chunk, left, options.results)
            for chunk in chunks
            for scenario in options.scenarios
            if (left := waiting(scenario, chunk, analyses))
        ]
        with ProcessPoolExecutor(options.processes) as pool:
            for done in pool.map(run_chunk, tasks):
                print(done, flush=True)

    run(range(1), options.analyses)
    first = options.results / options.scenarios[0]
    costs = {
        name: json.loads((first / name / "0000.json").read_text())["seconds"]
        for name in options.analyses
    }
    for name, cost in sorted(costs.items(), key=lambda item: item[1]):
        print(f"{name:32} {1000 * cost:8.1f} ms")
    slow = [name for name, cost in costs.items() if cost > options.slow]
    fast = [name for name in options.analyses if name not in slow]
    write_truth(fast, options.results)
    run(range(1, options.slow_trials // CHUNK), slow)
    run(range(1, options.trials // CHUNK), fast)


if __name__ == "__main__":
    main()
