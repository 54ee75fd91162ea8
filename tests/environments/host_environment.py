"""Environments to run Snakemake from: with what it requires and nothing that a step needs, or all."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

from environments.installed_packages import copy_package, installed

HOST = "snakemake[reports]"


def make_host(folder: Path) -> Path:
    """Make a virtual environment with Snakemake alone; gives its Python."""
    site_packages = _make(folder)
    for name in installed(HOST):
        copy_package(name, site_packages)
    return folder / "bin" / "python"


def make_full_host(folder: Path) -> Path:
    """Make one that sees every package of the tests' environment, but no seizureflow."""
    (_make(folder) / "all.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    return folder / "bin" / "python"


def _make(folder: Path) -> Path:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return folder / "lib" / version / "site-packages"


def clean_environment(**changes: str) -> dict[str, str]:
    """Environment variables without what would let other packages in."""
    unwanted = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "CONDA_PREFIX"}
    kept = {name: value for name, value in os.environ.items() if name not in unwanted}
    return kept | changes
