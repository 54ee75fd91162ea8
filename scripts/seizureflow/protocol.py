"""A trial's analysis plan: read from ``protocol.yaml``, checked as a whole, and served by entry."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seizureflow.option_defaults import with_option_defaults
from seizureflow.problems import InputError, Problem
from seizureflow.protocol_checks import check_protocol
from seizureflow.schema_check import check_against_schema, read_schema
from seizureflow.sdtm import with_sdtm_defaults
from seizureflow.yaml_source import read_yaml

Entry = dict[str, Any]


@dataclass(frozen=True)
class Protocol:
    """A validated analysis plan.

    The entries are plain data, so that a workflow can track exactly those that a step uses.
    """

    folder: Path
    data: Entry

    @property
    def study(self) -> str:
        """Name of the study, which is also its folder's."""
        return str(self.data["study"])

    @property
    def arms(self) -> list[Entry]:
        """Treatment arms, the reference first."""
        return sorted(self.data["design"]["arms"], key=lambda arm: not arm["reference"])

    @property
    def analyses(self) -> list[Entry]:
        """All analyses, in the order of the plan."""
        return list(self.data["analyses"])

    def analysis(self, identifier: str) -> Entry:
        """One analysis by its id."""
        return next(entry for entry in self.analyses if entry["id"] == identifier)

    def endpoint_kind(self, identifier: str | None) -> str | None:
        """Kind of an endpoint; None where there is no such endpoint."""
        kinds = {entry["id"]: str(entry["kind"]) for entry in self.data["endpoints"]}
        return kinds.get(identifier or "")

    def has_domain(self, name: str) -> bool:
        """Whether the study has a raw domain."""
        return name in self.data["domains"]

    @property
    def known_visits(self) -> list[str]:
        """Ids of the visits that the plan names."""
        design = self.data["design"]
        early = design["visit_windows"].get("early_termination")
        return [*(visit["id"] for visit in design["visits"]), *([early] if early else [])]

    @property
    def codes_domain(self) -> str:
        """The domain whose file holds the treatment codes."""
        return "treatment_codes" if self.has_domain("treatment_codes") else "participants"

    @property
    def has_seizures(self) -> bool:
        """Whether the study has a diary or counts per period."""
        return self.has_domain("diary") or self.has_domain("period_counts")

    def domain(self, name: str) -> Entry | None:
        """The description of a raw domain, None where the study has none."""
        entry: Entry | None = self.data["domains"].get(name)
        return entry

    @property
    def is_blinded(self) -> bool:
        """Whether the treatment codes are not to be read."""
        return bool(self.data["treatment"] == "blinded")

    def raw_files(self, name: str) -> dict[str, str]:
        """Paths of a domain's raw files: ``file`` and, where there are any, its companions.

        The companions are ``supplement``, and ``days`` and ``days_supplement`` of a diary, and
        ``milestones`` of participants.
        """
        entry = self.data["domains"][name]
        named = {part: entry.get(part) for part in ("file", "supplement")}
        for part in ("days", "milestones"):
            if part in entry:
                named[part] = entry[part]["file"]
                named[f"{part}_supplement"] = entry[part].get("supplement")
        return {part: str(self.folder / path) for part, path in named.items() if path}

    def entry(self, name: str) -> Any:
        """A top-level entry."""
        return self.data[name]

    @property
    def labels(self) -> dict[str, str]:
        """Labels of the variables, endpoints, windows, visits and arms that the plan names."""
        design = self.data["design"]
        named = [
            *design["arms"],
            *design["visits"],
            *design["windows"],
            *self.data["endpoints"],
            *self.data["analysis_sets"],
            *self.data["derived_covariates"],
            *self.data["diary"]["seizure_types"],
        ]
        covariates = self.data["domains"]["participants"]["columns"].get("covariates", {})
        frequency_days = self.data["diary"]["frequency_days"]
        standard = {
            "AGE": "Age (years)",
            "SEX": "Sex",
            "SITEID": "Site",
            "BSCOUNT": "Countable seizures in the baseline",
            "BSDAYS": "Recorded days in the baseline",
            "BSFREQ": f"Baseline seizure frequency (per {frequency_days} days)",
            "LBSFREQ": "Log baseline seizure frequency",
        }
        labels = (
            standard
            | {name: entry["label"] for name, entry in covariates.items()}
            | {entry["id"]: entry["label"] for entry in named}
        )
        for number, name in enumerate(design["strata"], start=1):
            labels[f"STRAT{number}R"] = f"{labels[name]}, as randomised"
            labels[f"STRAT{number}V"] = f"{labels[name]}, as verified"
        return labels


def load_protocol(folder: Path, schemas: Path) -> Protocol:
    """Read and check ``protocol.yaml`` of a study's folder.

    Args:
        folder: The study's folder.
        schemas: Folder that holds ``protocol.schema.yaml``.

    Raises:
        InputError: With every problem: violations of the schema or, where there are none, names
            that refer to nothing, domains that are needed and absent, files that do not exist.
    """
    source = read_yaml(folder / "protocol.yaml")
    data = check_against_schema(source, read_schema(schemas / "protocol.schema.yaml"))
    data = with_option_defaults(data)
    problems: list[Problem] = []
    if "source" in data:
        data, problems = with_sdtm_defaults(data, folder)
    problems += check_protocol(source, data, folder)
    if problems:
        raise InputError(problems)
    return Protocol(folder, data)
