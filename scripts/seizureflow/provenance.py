"""What a result rests on: hashes of data, plan and code, and the versions of the software."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

# Packages that can change a number; the rest of the environment is in uv.lock.
NUMERICAL_PACKAGES = ("numpy", "scipy", "pandas", "statsmodels", "formulaic", "pyarrow")


@dataclass(frozen=True)
class Trace:
    """What makes a result traceable.

    Attributes:
        data_sha256: Of the files that the analysis read.
        plan_sha256: Of the entries of the protocol that it used.
        code_sha256: Of the script and the library modules that it ran.
        software: Names and versions.
        seed: Seed from which its random numbers were drawn; None where none were.
    """

    data_sha256: str
    plan_sha256: str
    code_sha256: str
    software: str
    seed: int | None = None


def hash_files(paths: Iterable[str | Path]) -> str:
    """SHA-256 over the SHA-256 of each file, in the order given."""
    digests = [hashlib.sha256(Path(path).read_bytes()).hexdigest() for path in paths]
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def hash_entries(entries: Any) -> str:
    """SHA-256 of plain data, written as canonical JSON."""
    text = json.dumps(entries, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def software_versions(packages: Iterable[str] = NUMERICAL_PACKAGES) -> str:
    """Python and those of the packages that are installed, as ``name version; ...``."""
    named = [("python", platform.python_version())]
    for package in packages:
        with suppress(PackageNotFoundError):  # an isolated environment holds only what it needs
            named.append((package, version(package)))
    return "; ".join(f"{name} {number}" for name, number in named)
