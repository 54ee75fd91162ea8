"""Holds each job to the environment of its rule, where a run is told to use environments.

Snakemake appends the module path of its own interpreter to that of every script, and runs a script
by its own interpreter where it finds none in the environment. A job could so use packages that its
environment does not list, and nobody would notice.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

from seizureflow.problems import InputError, Problem

# Environment variables, and no parameters of rules: whether jobs are isolated changes no result, so
# it must rerun none.
HOST = "SEIZUREFLOW_HOST_PREFIX"
LIBRARY = "SEIZUREFLOW_LIBRARY"
_HERE = Path(__file__).resolve().parents[1]


def isolate_jobs(isolated: bool) -> None:
    """Tell the jobs that this process starts whether each has an environment of its own.

    Args:
        isolated: Whether the rules' environments are in use.
    """
    if isolated:
        os.environ[HOST], os.environ[LIBRARY] = sys.prefix, str(_HERE)
    else:
        os.environ.pop(HOST, None)
        os.environ.pop(LIBRARY, None)


def leave_host() -> None:
    """Take the host's folders off the module path of a job that has an environment of its own.

    Does nothing where jobs have none, and nothing in the host itself.
    """
    host = os.environ.get(HOST)
    if host is not None and not _same(host, sys.prefix):
        sys.path[:] = own_folders(sys.path)


def own_folders(folders: Iterable[str]) -> list[str]:
    """Those of some folders that belong to this interpreter or hold this library."""
    return [folder for folder in folders if is_own(folder)]


def is_own(path: str | Path) -> bool:
    """Whether a file or folder is of this interpreter's environment, or of this library."""
    place = Path(path).absolute()
    if place.is_relative_to(sys.prefix) or place.resolve().is_relative_to(_HERE):
        return True
    # The standard library of a virtual environment is that of the Python that made it.
    of_base = place.is_relative_to(sysconfig.get_path("stdlib"))
    return of_base and not {"site-packages", "dist-packages"} & set(place.parts)


def require_own_environment(step: str) -> None:
    """Refuse to run outside the environment of the step's rule.

    Args:
        step: Name of the step, for the message.

    Raises:
        InputError: If environments are in use and this process is not in that of its rule.
    """
    host = os.environ.get(HOST)
    if host is None:
        return
    problems = [*_wrong_interpreter(step, host), *_wrong_library(step), *_foreign_packages(step)]
    if problems:
        raise InputError(problems)


def _wrong_interpreter(step: str, host: str) -> list[Problem]:
    environment = os.environ.get("CONDA_PREFIX")
    if environment and _same(environment, sys.prefix) and not _same(host, sys.prefix):
        return []
    by_host = _same(host, sys.prefix)
    return [
        Problem(
            where=f"step {step}",
            what="It was started outside the environment of its rule"
            + (", by the Python that runs Snakemake." if by_host else "."),
            expected=f"the Python of {environment or 'an activated environment'}",
            found=sys.executable,
            action="Delete the environment under .snakemake/conda and run again; if it comes "
            "back, see that `conda` activates environments in a shell that is not interactive "
            "(docs/environments.md).",
        )
    ]


def _wrong_library(step: str) -> list[Problem]:
    expected = os.environ.get(LIBRARY, str(_HERE))
    if _same(expected, _HERE):
        return []
    return [
        Problem(
            where=f"step {step}",
            what="It loaded another copy of seizureflow than the workflow's.",
            expected=expected,
            found=str(_HERE),
            action="Uninstall seizureflow from the environment that runs Snakemake.",
        )
    ]


def _foreign_packages(step: str) -> list[Problem]:
    """Packages that the script itself loaded before the host's folders were taken away."""
    main = vars(sys.modules["__main__"])
    loaded = [value for value in main.values() if isinstance(value, ModuleType)]
    files = {module.__name__: getattr(module, "__file__", None) for module in loaded}
    return [
        Problem(
            where=f"step {step}",
            what=f"Its environment has no {name}, which was taken from elsewhere.",
            found=file,
            action="Add the package to the file in envs/ that the rule names.",
        )
        for name, file in files.items()
        if file and not is_own(file)
    ]


def _same(one: str | Path, other: str | Path) -> bool:
    return Path(one).resolve() == Path(other).resolve()
