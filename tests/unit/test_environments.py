"""The isolated environments hold the versions of uv.lock and what their rules import."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from seizureflow.code_dependencies import code_files
from seizureflow.registry import METHODS

ROOT = Path(__file__).parents[2]
ENVIRONMENTS = sorted((ROOT / "envs").glob("*.yaml"))
LOCK = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
LOCKED = {package["name"]: package.get("version") for package in LOCK}
PYPI_NAMES = {"matplotlib-base": "matplotlib"}
IMPORT_NAMES = {"yaml": "pyyaml"}


def pins(path: Path) -> dict[str, str]:
    listed = yaml.safe_load(path.read_text(encoding="utf-8"))["dependencies"]
    # What conda-forge is not known to have is in a list of its own, for pip.
    from_pip = [name for entry in listed if isinstance(entry, dict) for name in entry["pip"]]
    entries = [entry for entry in listed if isinstance(entry, str) and entry != "pip"] + from_pip
    named = (entry.split(" ", 1) for entry in entries if not entry.startswith("python "))
    return {PYPI_NAMES.get(name, name): version.lstrip("=") for name, version in named}


def rules_with_environment() -> list[tuple[str, str]]:
    text = "\n".join(
        path.read_text(encoding="utf-8") for path in sorted((ROOT / "rules").glob("*.smk"))
    )
    pattern = r'conda:\s+"../envs/(\w+)\.yaml".*?script:\s+"../scripts/(\w+\.py)"'
    return re.findall(pattern, text, re.DOTALL)


def imported_packages(script: str) -> set[str]:
    root = ROOT / "scripts"
    methods = (
        [f"seizureflow.methods.{name}" for name in METHODS] if script == "run_analysis.py" else []
    )
    names = set()
    for file in code_files(root / script, root, methods):
        for line in file.read_text(encoding="utf-8").splitlines():
            found = re.match(r"\s*(?:from|import)\s+(\w+)", line)
            if found:
                names.add(found[1])
    packages = {IMPORT_NAMES.get(name, name) for name in names}
    return packages & set(LOCKED)


@pytest.mark.parametrize("path", ENVIRONMENTS, ids=lambda path: path.stem)
def test_versions_are_those_of_the_lock(path):
    for name, version in pins(path).items():
        assert LOCKED[name] == version, name


@pytest.mark.parametrize(("environment", "script"), rules_with_environment())
def test_an_environment_has_what_its_script_imports(environment, script):
    missing = imported_packages(script) - set(pins(ROOT / "envs" / f"{environment}.yaml"))
    assert not missing - {"seizureflow"}


def test_every_rule_is_looked_at():
    assert len(rules_with_environment()) > 10
