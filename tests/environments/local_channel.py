"""A conda channel on this machine, made of the packages that the tests' environment holds.

A test double: it says nothing of what conda-forge holds. It has two channels, ``conda`` for what the
environments take from conda-forge and ``pypi`` for what they let pip install. Their ``python`` is
this machine's, in a virtual environment: isolated are the packages, not the standard library.
"""

import asyncio
import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

import yaml
from packaging.utils import canonicalize_name
from rattler.index import index_fs
from rattler_build import assemble_package

from environments.installed_packages import Package, copy_package, installed

PLATFORM = "linux-64"
SERIES = f"{sys.version_info.major}.{sys.version_info.minor}"
SITE_PACKAGES = Path("lib") / f"python{SERIES}" / "site-packages"
CONDA_NAMES = {"matplotlib": "matplotlib-base"}
PYPI_NAMES = {conda: pypi for pypi, conda in CONDA_NAMES.items()}


def build_channels(folder: Path, environments: Iterable[Path]) -> None:
    """Make both channels, with all that some environments name and what that requires.

    Args:
        folder: Folder to make ``conda`` and ``pypi`` in.
        environments: Files of environments.
    """
    by_conda, by_pip = set(), set()
    for path in environments:
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["dependencies"]:
            if isinstance(entry, dict):
                by_pip.update(_name(text) for text in entry["pip"])
            elif _name(entry) not in ("python", "pip"):
                by_conda.add(_name(entry))
    conda = installed(*(PYPI_NAMES.get(name, name) for name in by_conda))
    pypi = {name: found for name, found in installed(*by_pip).items() if name not in conda}
    python, pip = folder / "stage" / "python", folder / "stage" / "pip"
    stage_python(python)
    _pack("python", ".".join(map(str, sys.version_info[:3])), [], python, folder / "conda")
    stage_pip(pip)
    _pack("pip", "0", [], pip, folder / "conda")
    for channel, packages in (("conda", conda), ("pypi", pypi)):
        for package in packages.values():
            stage = folder / "stage" / package.name
            copy_package(package.name, stage / SITE_PACKAGES)
            name = (
                CONDA_NAMES.get(package.name, package.name) if channel == "conda" else package.name
            )
            _pack(name, package.version, _depends(package, conda), stage, folder / channel)
        (folder / channel / "noarch").mkdir(parents=True)
        asyncio.run(index_fs(folder / channel, write_zst=True, write_shards=False, force=True))


def stage_python(folder: Path) -> None:
    """A virtual environment of the Python that made the one that runs the tests."""
    base = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
    (folder / SITE_PACKAGES).mkdir(parents=True)
    (folder / SITE_PACKAGES / "README.txt").write_text("Packages.\n", encoding="utf-8")
    (folder / "bin").mkdir()
    for name in ("python", "python3", f"python{SERIES}"):
        (folder / "bin" / name).symlink_to(base)
    (folder / "pyvenv.cfg").write_text(
        f"home = {base.parent}\ninclude-system-site-packages = false\n", encoding="utf-8"
    )


def stage_pip(folder: Path) -> None:
    """A stand-in: the front end installs what pip would."""
    (folder / "share").mkdir(parents=True)
    (folder / "share" / "pip.txt").write_text("No pip is needed here.\n", encoding="utf-8")


def _name(entry: str) -> str:
    return canonicalize_name(entry.split(" ", 1)[0])


def _depends(package: Package, conda: dict[str, Package]) -> list[str]:
    named = {
        CONDA_NAMES.get(name, name) if name in conda else name: versions
        for name, versions in package.requires.items()
    }
    return [
        f"python {SERIES}.*",
        *(f"{name} {versions}".strip() for name, versions in named.items()),
    ]


def _pack(name: str, version: str, depends: list[str], stage: Path, channel: Path) -> None:
    build = f"py{SERIES.replace('.', '')}_0"
    output = channel / PLATFORM
    output.mkdir(parents=True, exist_ok=True)
    assemble_package(
        name,
        version,
        PLATFORM,
        build,
        output,
        files_dir=stage,
        depends=depends,
        compression_level=1,
        detect_prefix=False,
    )
    shutil.rmtree(stage)


if __name__ == "__main__":
    target, *files = map(Path, sys.argv[1:])
    build_channels(target, files)
    sys.stdout.flush()
    os._exit(0)  # the library's threads may abort an orderly exit after all work is done
