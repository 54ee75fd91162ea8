"""Finds the licence of an installed package in its metadata, and judges it.

What a wheel bundles without saying so in its metadata, compiled libraries above all, is not seen.
"""

from __future__ import annotations

import re
from importlib.metadata import Distribution
from typing import Literal

Kind = Literal["permissive", "weak copyleft", "strong copyleft", "unknown"]

PERMISSIVE = frozenset(
    {
        "0BSD",
        "Apache-2.0",
        "BSD",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "CC0-1.0",
        "ISC",
        "MIT",
        "MIT-CMU",
        "PSF-2.0",
        "Public-Domain",
        "Zlib",
    }
)
_SPELLINGS = {
    "2-clause bsd": "BSD-2-Clause",
    "apache 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "apache-2.0": "Apache-2.0",
    "bsd 3-clause license": "BSD-3-Clause",
    "bsd license": "BSD",
    "bsd-3-clause": "BSD-3-Clause",
    "gnu general public license (gpl)": "GPL",
    "isc license (iscl)": "ISC",
    "mit": "MIT",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "mpl-2.0": "MPL-2.0",
    "public domain": "Public-Domain",
    "python software foundation license": "PSF-2.0",
}
# Licences that the metadata do not tell in one expression, with where they are told.
STATED = {
    "docutils": (
        "BSD-2-Clause AND BSD-3-Clause AND 0BSD AND PSF-2.0 AND Public-Domain",
        "its COPYING.rst: the GPL is that of an Emacs mode, which is not in the package",
    ),
    "packaging": ("Apache-2.0 OR BSD-2-Clause", "its LICENSE: under either"),
}


def licence_of(package: Distribution) -> str:
    """The licence of a package as an SPDX expression, or ``BSD`` where the metadata say no more.

    Args:
        package: An installed package.

    Returns:
        The expression; empty where the metadata tell nothing that is known.
    """
    metadata = package.metadata
    if metadata["name"].lower() in STATED:
        return STATED[metadata["name"].lower()][0]
    expressions = metadata.get_all("License-Expression")
    if expressions:
        return expressions[0]
    for field in metadata.get_all("License") or []:
        if field.strip().lower() in _SPELLINGS:
            return _SPELLINGS[field.strip().lower()]
    named = [entry.split(" :: ")[-1] for entry in metadata.get_all("Classifier") or []]
    classified = sorted({_SPELLINGS[n.lower()] for n in named if n.lower() in _SPELLINGS})
    return " AND ".join(classified) or _first_line(package)


def kind_of(expression: str) -> Kind:
    """What a licence asks of who passes the software on.

    Of licences joined by OR the kindest counts, of those joined by AND the strictest.

    Args:
        expression: As :func:`licence_of` gives it.
    """
    order: tuple[Kind, ...] = ("permissive", "weak copyleft", "unknown", "strong copyleft")
    if "(" in expression:  # no package of the lock has one; read by a person when one comes
        return "unknown"
    alternatives = [
        max((_kind_of_one(name.strip()) for name in part.split(" AND ")), key=order.index)
        for part in expression.split(" OR ")
    ]
    return min(alternatives, key=order.index)


def _kind_of_one(name: str) -> Kind:
    if name in PERMISSIVE:
        return "permissive"
    if re.match(r"(LGPL|MPL|EPL)-", name):
        return "weak copyleft"
    return "strong copyleft" if re.match(r"A?GPL\b", name) else "unknown"


def _first_line(package: Distribution) -> str:
    """The licence that the first line of a licence file names."""
    for file in package.files or []:
        if file.name.upper().startswith("LICEN") and ".dist-info" in file.parts[0]:
            return _SPELLINGS.get(file.read_text().lstrip().split("\n")[0].strip().lower(), "")
    return ""
