"""Reads uv.lock: which packages it names, what a run needs of them, and how each is held to."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seizureflow.problems import Problem

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class LockedPackage:
    """A package of the lock.

    Attributes:
        name: Its name on the index.
        version: Its version.
        for_runs: Whether a run needs it, directly or through others; the rest is for development.
        index: The index that it comes from; None for one that comes from elsewhere.
        hashes: Of every file that may be installed; None for a file that has none.
    """

    name: str
    version: str
    for_runs: bool
    index: str | None
    hashes: tuple[str | None, ...]


def read_lock(path: Path, project: str = "seizureflow") -> list[LockedPackage]:
    """Packages of a lock in the order of their names, the project itself left out.

    Args:
        path: The lock.
        project: Name of the project, whose dependencies are what a run needs.
    """
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["package"]
    needed = _needed(entries, project)
    packages = [_package(entry, entry["name"] in needed) for entry in entries]
    return sorted((p for p in packages if p.name != project), key=lambda package: package.name)


def lock_problems(packages: Iterable[LockedPackage], where: str = "uv.lock") -> list[Problem]:
    """Packages that the lock does not hold to one content: without a hash, or from elsewhere."""
    problems = []
    for package in packages:
        if package.index is None:
            what, action = "It does not come from a package index.", "Depend on a released version."
        elif not package.hashes or not all(h and h.startswith("sha256:") for h in package.hashes):
            what, action = "A file of it has no SHA-256.", "Write the lock anew: uv lock."
        else:
            continue
        problems.append(Problem(f"{where}, package {package.name}", what, action=action))
    return problems


def _package(entry: Entry, for_runs: bool) -> LockedPackage:
    files = [*entry.get("wheels", []), *([entry["sdist"]] if "sdist" in entry else [])]
    return LockedPackage(
        name=entry["name"],
        version=entry["version"],
        for_runs=for_runs,
        index=entry["source"].get("registry"),
        hashes=tuple(file.get("hash") for file in files),
    )


def _needed(entries: Iterable[Entry], project: str) -> set[str]:
    """Names of what a package requires, directly or not, on any platform; its own too."""
    by_name = {entry["name"]: entry for entry in entries}
    waiting: list[tuple[str, tuple[str, ...]]] = [(project, ())]
    seen = set()
    while waiting:
        name, extras = waiting.pop()
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        optional = by_name[name].get("optional-dependencies", {})
        needs = [*by_name[name].get("dependencies", [])]
        for extra in extras:
            needs += optional.get(extra, [])
        waiting += [(need["name"], tuple(need.get("extra", ()))) for need in needs]
    return {name for name, _ in seen}
