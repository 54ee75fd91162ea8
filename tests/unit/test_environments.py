"""The isolated environments hold the versions of uv.lock, and what their rules import: no more."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from seizureflow.code_dependencies import code_files
from seizureflow.figures.catalogue import FIGURES
from seizureflow.registry import METHODS

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "scripts"
ENVIRONMENTS = sorted(path.stem for path in (ROOT / "envs").glob("*.yaml"))
LOCK = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
LOCKED = {package["name"]: package for package in LOCK}
PYPI_NAMES = {"matplotlib-base": "matplotlib"}
IMPORT_NAMES = {"yaml": "pyyaml"}
# What a script loads by name, which its source does not tell.
LOADED = {
    "run_analysis.py": [f"seizureflow.methods.{name}" for name in METHODS],
    "draw_figure.py": [f"seizureflow.figures.{name}" for name in FIGURES],
}
# Packages of an environment that no local module imports, with the reason they are there.
NOT_IMPORTED: dict[tuple[str, str], str] = {}


@dataclass(frozen=True)
class Rule:
    name: str
    environment: str | None
    script: str | None


def rules() -> list[Rule]:
    text = "\n".join(p.read_text(encoding="utf-8") for p in sorted((ROOT / "rules").glob("*.smk")))
    blocks = re.split(r"^(?:rule|checkpoint) (\w+):\n", text, flags=re.MULTILINE)[1:]
    found = []
    for name, block in zip(blocks[::2], blocks[1::2], strict=True):
        environment = re.search(
            r'^    conda:\n        "\.\./envs/(\w+)\.yaml"', block, re.MULTILINE
        )
        script = re.search(r'^    script:\n        "\.\./scripts/(\w+\.py)"', block, re.MULTILINE)
        found.append(Rule(name, environment and environment[1], script and script[1]))
    return found


def pins(environment: str) -> dict[str, str]:
    text = (ROOT / "envs" / f"{environment}.yaml").read_text(encoding="utf-8")
    listed = yaml.safe_load(text)["dependencies"]
    # What conda-forge is not known to have is in a list of its own, for pip.
    from_pip = [name for entry in listed if isinstance(entry, dict) for name in entry["pip"]]
    entries = [entry for entry in listed if isinstance(entry, str) and entry != "pip"] + from_pip
    named = (entry.split(" ", 1) for entry in entries if not entry.startswith("python "))
    return {PYPI_NAMES.get(name, name): version.lstrip("=") for name, version in named}


def imported(files: list[Path]) -> set[str]:
    """Packages, by their names on PyPI, that files import, whether at once or when needed."""
    names = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(node, ast.Import):
                names.update(alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names.add(node.module.split(".")[0])
    names -= {*sys.stdlib_module_names, "seizureflow"}
    return {IMPORT_NAMES.get(name, name) for name in names}


def imported_by_rules(environment: str) -> set[str]:
    scripts = {rule.script for rule in rules() if rule.environment == environment}
    return set().union(
        *(imported(code_files(SCRIPTS / name, SCRIPTS, LOADED.get(name, ()))) for name in scripts)
    )


def with_requirements(package: str, extras: tuple[str, ...] = ()) -> set[str]:
    """A locked package and all that it requires."""
    waiting, found = [(package, extras)], set()
    while waiting:
        name, wanted = waiting.pop()
        if (name, wanted) in found:
            continue
        found.add((name, wanted))
        entry = LOCKED[name]
        needs = list(entry.get("dependencies", []))
        for extra in wanted:
            needs += entry["optional-dependencies"][extra]
        waiting += [(need["name"], tuple(need.get("extra", ()))) for need in needs]
    return {name for name, _ in found}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_versions_are_those_of_the_lock(environment):
    for name, version in pins(environment).items():
        assert LOCKED[name]["version"] == version, name


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_an_environment_holds_what_its_rules_import_and_no_more(environment):
    held = set(pins(environment))
    explained = {name for place, name in NOT_IMPORTED if place == environment}
    assert held - explained == imported_by_rules(environment)


def test_every_rule_but_the_target_has_an_environment():
    without = {rule.name for rule in rules() if not rule.environment or not rule.script}
    assert without == set()
    assert {rule.environment for rule in rules()} == set(ENVIRONMENTS)
    assert len(rules()) > 20


ALONE = """
import importlib, importlib.metadata, sys

class OnlySnakemake(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        distributions = owners.get(name.partition(".")[0], ())
        if distributions and not {d.lower().replace("_", "-") for d in distributions} & allowed:
            raise ModuleNotFoundError(f"{name} is not there where only Snakemake is")

owners = importlib.metadata.packages_distributions()
allowed = {"seizureflow", *sys.argv[1].split(",")}
sys.meta_path.insert(0, OnlySnakemake())
for module in sys.argv[2].split(","):
    importlib.import_module(module)
try:
    import pandas
except ModuleNotFoundError:
    print("as where only Snakemake is")
"""


def test_reading_the_plans_needs_no_more_than_snakemake():
    """Snakemake may be alone in the environment that starts a run; rules/ import the library."""
    text = "\n".join(p.read_text(encoding="utf-8") for p in sorted((ROOT / "rules").glob("*.smk")))
    modules = sorted(set(re.findall(r"^from (seizureflow[\w.]+) import", text, re.MULTILINE)))
    assert len(modules) > 5
    allowed = with_requirements("snakemake", ("reports",))
    run = subprocess.run(
        [sys.executable, "-c", ALONE, ",".join(allowed), ",".join(modules)],
        env=os.environ | {"PYTHONPATH": str(SCRIPTS)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout == "as where only Snakemake is\n", run.stderr
