"""The table of all locked packages with their licences, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution

from seizureflow.problems import Problem
from seizureflow.supply_chain.licences import STATED, Kind, kind_of, licence_of
from seizureflow.supply_chain.locked_packages import LockedPackage

NOT_INSTALLED = "not installed"
_ALLOWED: dict[bool, set[Kind]] = {
    True: {"permissive", "weak copyleft"},
    False: {"permissive", "weak copyleft", "strong copyleft"},
}
_INTRODUCTION = """\
# Licences of what the project is installed from

Written by `make licences` from `uv.lock` and the metadata of the installed packages; a test holds
them together. A package that a run needs must have a permissive licence, or one whose copyleft ends
with its own files (MPL, LGPL); one for development must have a known licence. `BSD` stands where
the metadata do not say which. What a wheel bundles without saying so is not seen.
"""


@dataclass(frozen=True)
class Licensed:
    """A locked package, the version that is installed, and its licence.

    Attributes:
        package: The locked package.
        installed: Version; None where it is not installed, for another platform say.
        licence: SPDX expression; empty where it is not known.
    """

    package: LockedPackage
    installed: str | None
    licence: str


def with_licences(packages: Iterable[LockedPackage]) -> list[Licensed]:
    """Look up the licence of each package in this environment."""
    return [_licensed(package) for package in packages]


def licence_problems(licensed: Iterable[Licensed]) -> list[Problem]:
    """Licences that are unknown, or not allowed; packages that are not those of the lock."""
    problems = []
    for entry in licensed:
        package = entry.package
        where = f"package {package.name} {package.version}"
        if entry.installed is None:
            continue
        if entry.installed != package.version:
            problems.append(
                Problem(
                    where,
                    "Another version is installed than the lock names.",
                    found=entry.installed,
                    action="Make the environment anew: make environment.",
                )
            )
        elif kind_of(entry.licence) not in _ALLOWED[package.for_runs]:
            problems.append(
                Problem(
                    where,
                    f"Its licence is {kind_of(entry.licence)}"
                    + (", and a run needs it." if package.for_runs else "."),
                    found=entry.licence,
                    action="Read the licence. Do without the package, or state the licence in "
                    "scripts/seizureflow/supply_chain/licences.py with where it is told.",
                )
            )
    return problems


def licence_page(licensed: Iterable[Licensed]) -> str:
    """The page: one table of what a run needs, one of what development needs."""
    rows = list(licensed)
    tables = [
        f"## For {use}\n\n| package | version | licence | |\n|---|---|---|---|\n"
        + "".join(_row(entry) for entry in rows if entry.package.for_runs == for_runs)
        for use, for_runs in (("runs", True), ("development", False))
    ]
    notes = [f"- {name}: {where}." for name, (_, where) in sorted(STATED.items())]
    stated = "## Stated by hand\n\n" + "\n".join(notes) + "\n"
    return "\n".join([_INTRODUCTION, *tables, stated])


def _licensed(package: LockedPackage) -> Licensed:
    try:
        found = distribution(package.name)
    except PackageNotFoundError:
        return Licensed(package, None, "")
    return Licensed(package, found.version, licence_of(found))


def _row(entry: Licensed) -> str:
    package = entry.package
    if entry.installed is None:
        return f"| {package.name} | {package.version} | {NOT_INSTALLED} | |\n"
    kind = kind_of(entry.licence)
    note = "" if kind == "permissive" else kind
    return f"| {package.name} | {package.version} | {entry.licence or 'unknown'} | {note} |\n"
