"""An environment that holds Snakemake and what it requires, and nothing that a step needs."""

import os
import subprocess
import sys
from pathlib import Path

from environments.installed_packages import copy_package, installed

HOST = "snakemake[reports]"


def make_host(folder: Path) -> Path:
    """Make a virtual environment with Snakemake alone; gives its Python."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for name in installed(HOST):
        copy_package(name, folder / "lib" / version / "site-packages")
    return folder / "bin" / "python"


def clean_environment(**changes: str) -> dict[str, str]:
    """Environment variables without what would let other packages in."""
    unwanted = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "CONDA_PREFIX"}
    kept = {name: value for name, value in os.environ.items() if name not in unwanted}
    return kept | changes
