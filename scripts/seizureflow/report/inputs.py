"""What an analysis read: datasets, the raw files behind them, and results of other analyses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seizureflow.displays.labels import Labels
from seizureflow.displays.values import Results
from seizureflow.plans import needed_datasets, needed_results, repeated_analysis
from seizureflow.protocol import Protocol
from seizureflow.registry import METHODS
from seizureflow.specification.sources import raw_source

Entry = dict[str, Any]

_SEIZURES = ("diary", "period_counts")
# Raw domains that each dataset is derived from, as far as a study has them.
_DOMAINS: dict[str, tuple[str, ...]] = {
    "adsl": (
        "participants",
        "treatment_codes",
        "doses",
        "disposition",
        "visits",
        *_SEIZURES,
    ),
    "adsz": ("visits", *_SEIZURES),
    "adtte": _SEIZURES,
    "adae": ("adverse_events", "doses"),
    "adex": ("doses",),
    "adice": ("medications", "doses", "disposition"),
    "eligibility": ("participants", *_SEIZURES),
    "deviations": ("participants", *_SEIZURES),
    "compliance": ("diary",),
    "intervals": _SEIZURES,
    "seizures": _SEIZURES,
}


@dataclass(frozen=True)
class Inputs:
    """What an analysis rests on.

    Attributes:
        datasets: Names of the datasets that it read.
        files: Raw files that these are derived from.
        analyses: Id and label of each analysis whose results it read, or which it repeats.
        hashes: What was hashed, and its SHA-256.
        software: Names and versions.
        seed: Where its random numbers began; in words where none were drawn.
    """

    datasets: tuple[str, ...]
    files: tuple[str, ...]
    analyses: tuple[tuple[str, str], ...]
    hashes: tuple[tuple[str, str], ...]
    software: str
    seed: str


def inputs_of(results: Results, entry: Entry, labels: Labels) -> Inputs:
    """Say what an analysis read.

    Args:
        results: Results of the study.
        entry: The analysis's entry of the protocol.
        labels: Labels of the study.
    """
    identifier = entry["id"]
    protocol = Protocol(Path(), labels.protocol)
    datasets = needed_datasets(protocol, identifier)
    read = list(needed_results(protocol, identifier))
    repeated = repeated_analysis(protocol, entry)
    if repeated is not None:
        read.append(repeated)
    hashed = {"data": "DATA_SHA256", "plan": "PLAN_SHA256", "code": "CODE_SHA256"}
    hashes = {name: results.about(identifier, column) for name, column in hashed.items()}
    seed = results.about(identifier, "SEED")
    return Inputs(
        datasets=datasets,
        files=raw_files(protocol, datasets, METHODS[entry["method"]].domains),
        analyses=tuple((other, labels.analysis(other)) for other in dict.fromkeys(read)),
        hashes=tuple((name, value) for name, value in hashes.items() if value is not None),
        software=results.about(identifier, "SOFTWARE") or "",
        seed="none drawn" if seed is None else str(int(seed)),
    )


def raw_files(
    protocol: Protocol, datasets: Iterable[str], domains: Iterable[str]
) -> tuple[str, ...]:
    """Raw files behind datasets, in the study's folder, as far as the plan names them.

    Args:
        protocol: The protocol.
        datasets: Names of datasets. All but canonical tables rest on ADSL.
        domains: Raw domains that are known to be read besides.
    """
    names = list(datasets)
    if any(name.startswith("ad") for name in names):
        names.insert(0, "adsl")
    wanted = [domain for name in names for domain in _DOMAINS.get(name, (name,))]
    skipped = {"treatment_codes"} if protocol.is_blinded else set()
    return tuple(
        dict.fromkeys(
            raw_source(protocol.data, domain)
            for domain in (*wanted, *domains)
            if protocol.has_domain(domain) and domain not in skipped
        )
    )
