"""Packages of the environment that runs the tests, and what each requires, to be copied elsewhere."""

import importlib.util
import shutil
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


@dataclass(frozen=True)
class Package:
    """An installed package, and the installed packages that it requires by name and version."""

    name: str
    version: str
    requires: dict[str, str]


def installed(*wanted: str) -> dict[str, Package]:
    """Some packages with all that they require on this machine, by name.

    Args:
        wanted: Names, with extras in brackets.
    """
    waiting = [Requirement(entry) for entry in wanted]
    needs: dict[str, dict[str, str]] = {}
    looked_at = set()
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        asked = (name, frozenset(requirement.extras))
        if asked in looked_at:
            continue
        looked_at.add(asked)
        found = requirements(name, requirement.extras)
        waiting += found
        needs.setdefault(name, {}).update(
            {canonicalize_name(need.name): str(need.specifier) for need in found}
        )
    return {name: Package(name, distribution(name).version, needs[name]) for name in needs}


def requirements(name: str, extras: set[str]) -> list[Requirement]:
    """What a package requires on this machine with some of its extras."""
    listed = [Requirement(text) for text in distribution(name).requires or []]
    return [
        need
        for need in listed
        if need.marker is None
        or any(need.marker.evaluate({"extra": extra}) for extra in ("", *extras))
    ]


def copy_package(name: str, site_packages: Path) -> None:
    """Copy the files of an installed package, byte-code included, but none of its commands."""
    package = distribution(name)
    for file in package.files or []:
        if ".." in file.parts or file.suffix == ".pyc":
            continue
        source, target = Path(str(package.locate_file(file))), site_packages / file
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)
        if file.suffix == ".py":
            copy_byte_code(source, target)


def copy_byte_code(source: Path, target: Path) -> None:
    compiled = Path(importlib.util.cache_from_source(str(source)))
    if compiled.is_file():
        cache = Path(importlib.util.cache_from_source(str(target)))
        cache.parent.mkdir(exist_ok=True)
        shutil.copy2(compiled, cache)
