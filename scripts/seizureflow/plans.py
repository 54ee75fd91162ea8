"""The plans of a run: its settings and the protocol of every study, read and checked together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seizureflow.adverse_events.rules import adverse_event_rules
from seizureflow.ilae import declared_class
from seizureflow.problems import InputError, Problem
from seizureflow.protocol import Entry, Protocol, load_protocol
from seizureflow.registry import METHODS, MethodNeeds
from seizureflow.results_folder import results_problems
from seizureflow.schema_check import check_against_schema, read_schema
from seizureflow.suggestions import nearest
from seizureflow.visit_schedule import window_visits
from seizureflow.yaml_source import YamlSource, read_yaml


@dataclass(frozen=True)
class Plans:
    """Settings of a run and the protocols of its studies, in the order of the settings."""

    settings: Entry
    protocols: dict[str, Protocol]
    published: dict[str, Entry | None]


def load_plans(config: Entry, folders: list[Path], schemas: Path) -> Plans:
    """Check the settings and read the protocol of every study that they name.

    Args:
        config: Content of ``config.yaml``.
        folders: Folders in which a study's folder is looked for, in this order.
        schemas: Folder of the JSON Schemas.

    Raises:
        InputError: With the problems of all studies at once.
    """
    source = YamlSource(Path("config.yaml"), dict(config), {})
    settings = check_against_schema(source, read_schema(schemas / "config.schema.yaml"))
    problems = results_problems(settings["results"], settings["studies"], folders)
    protocols: dict[str, Protocol] = {}
    published: dict[str, Entry | None] = {}
    for study in settings["studies"]:
        try:
            protocol = load_protocol(_study_folder(study, folders), schemas)
            protocols[study] = protocol
            published[study] = load_published(protocol, schemas)
            check_known_copies(protocol, schemas)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return Plans(settings, protocols, published)


def load_published(protocol: Protocol, schemas: Path) -> Entry | None:
    """Read and check ``published.yaml`` of a study; None where the study has none.

    Raises:
        InputError: With every problem, names of sources and analyses that do not exist among them.
    """
    path = protocol.folder / "published.yaml"
    if not path.is_file():
        return None
    source = read_yaml(path)
    data = check_against_schema(source, read_schema(schemas / "published.schema.yaml"))
    analyses = [analysis["id"] for analysis in protocol.analyses]
    problems = []
    for index, entry in enumerate(data["aggregates"]):
        compare = entry.get("compare") or {}
        for name, value, known in (
            ("source", entry["source"], list(data["sources"])),
            ("compare", compare.get("analysis"), analyses),
        ):
            if value is not None and value not in known:
                where = source.where(("aggregates", index, name))
                problems.append(
                    Problem(where, f'There is no "{value}".', action=nearest(value, known))
                )
    if problems:
        raise InputError(problems)
    return data


def check_known_copies(protocol: Protocol, schemas: Path) -> None:
    """Check the list of known copies of a study's data, where it has one.

    Raises:
        InputError: With every problem; one of the copies must be the correct one.
    """
    name = protocol.data.get("provenance", {}).get("known_copies")
    if name is not None:
        source = read_yaml(protocol.folder / name)
        check_against_schema(source, read_schema(schemas / "known_copies.schema.yaml"))


def analysis_plan(protocol: Protocol, identifier: str, settings: Entry) -> Entry:
    """The entries of the protocol and the settings that one analysis uses, and no others."""
    analysis = protocol.analysis(identifier)
    labels = protocol.labels
    plan: Entry = {
        "analysis": {key: value for key, value in analysis.items() if key != "note"},
        "arms": protocol.arms,
        "visits": window_visits(protocol.data["design"], analysis.get("window")),
        "labels": {name: labels[name] for name in _variables_named(analysis)},
        "frequency_days": protocol.data["diary"]["frequency_days"],
        "confidence_level": settings["confidence_level"],
        "endpoint_kind": protocol.endpoint_kind(analysis.get("endpoint")),
    }
    hypothetical = hypothetical_events(protocol, analysis)
    if hypothetical:
        plan["hypothetical_events"] = hypothetical
    repeated = repeated_analysis(protocol, analysis)
    if repeated is not None:
        plan["repeated"] = analysis_plan(protocol, repeated, settings)
    needs = METHODS[analysis["method"]]
    if needs.random:
        plan["seed"] = settings["seed"]
    return plan | _entries_of_design(protocol, analysis, needs)


def _variables_named(analysis: Entry) -> list[str]:
    """Covariates of an analysis, and the variables by which it is stratified."""
    strata = analysis.get("options", {}).get("strata", [])
    return [*dict.fromkeys([*analysis.get("covariates", []), *strata])]


def _entries_of_design(protocol: Protocol, analysis: Entry, needs: MethodNeeds) -> Entry:
    """Entries of the design and of domains that the datasets of a method rest on."""
    entries: Entry = {}
    design = protocol.data["design"]
    if needs.parameter:
        entries["visit_days"] = [visit["day"] for visit in design["visits"]]
    if "seizures" in needs.datasets:
        windows = {window["id"]: window["days"] for window in design["windows"]}
        entries["window_days"] = windows[analysis["window"]]
        entries["counting"] = counting_rules(protocol)
    if "adae" in needs.datasets:
        entries["adverse_events"] = adverse_event_rules(protocol.domain("adverse_events") or {})
    if "adex" in needs.datasets:
        names = ("unit", "interval_days", "planned_dose")
        doses = protocol.domain("doses") or {}
        entries["dosing"] = {name: doses[name] for name in names if name in doses}
    return entries


def diary_quality_plan(protocol: Protocol) -> Entry:
    """What the assessment of a diary takes from the protocol, by the names of its arguments."""
    design, diary = protocol.data["design"], protocol.data["diary"]
    start, end = design["baseline"]["days"]
    status = [
        entry["id"]
        for entry in diary["seizure_types"]
        if declared_class(entry) == "status_epilepticus"
    ]
    files = protocol.raw_files("diary")
    counted = any(e["countable"] for e in diary["seizure_types"] if e["id"] in status)
    return {
        "periods": [
            ("baseline", "Baseline", start, end),
            *((window["id"], window["label"], *window["days"]) for window in design["windows"]),
        ],
        "settings": diary["quality"],
        "file": files.get("days", files["file"]),
        "seizures_file": files["file"],
        "columns": _diary_columns(protocol.data["domains"]["diary"]),
        "status_types": status,
        "status_words": "they count as entered" if counted else "they are not counted",
    }


def _diary_columns(entry: Entry) -> dict[str, str]:
    """The raw columns that findings on a diary name, by this project's names."""
    columns: dict[str, str] = entry["columns"] | entry.get("days", {}).get("columns", {})
    if "types" in entry:
        counts = ", ".join(entry["types"].values())
        columns = columns | {"count": counts, "type": counts}
    if "clusters" in entry:
        columns = columns | {"cluster": entry["clusters"]}
    return columns


def baseline_plan(protocol: Protocol) -> Entry:
    """The entries of the protocol that baseline and derived covariates are derived by."""
    data = protocol.data
    return {
        "baseline": data["design"]["baseline"]["days"],
        "diary": {
            name: data["diary"][name] for name in ("frequency_days", "minimum_recorded_days")
        },
        "derived_covariates": data["derived_covariates"],
    }


def adsl_plan(protocol: Protocol) -> Entry:
    """The entries of the protocol that ADSL is derived by."""
    strata = protocol.data["design"]["strata"]
    return baseline_plan(protocol) | {
        "treatment": protocol.data["treatment"],
        "strata": strata,
        "labels": {name: protocol.labels[name] for name in strata},
        "analysis_sets": protocol.data["analysis_sets"],
        "completed_value": (protocol.domain("disposition") or {}).get("completed_value"),
    }


def description_plan(protocol: Protocol) -> Entry:
    """The entries of the protocol that the specification of the datasets is written from."""
    names = (
        "study",
        "simulated",
        "treatment",
        "data_cutoff",
        "design",
        "domains",
        "eligibility",
        "derived_covariates",
        "analysis_sets",
        "intercurrent_events",
        "endpoints",
        "time_to_event",
    )
    kept = {name: protocol.data[name] for name in names if name in protocol.data}
    return kept | {"diary": counting_rules(protocol)}


def counting_rules(protocol: Protocol) -> Entry:
    """The entries of the protocol that say which seizures count and how."""
    names = ("cluster_count_per_day", "frequency_days", "minimum_recorded_days")
    types = [
        {"id": entry["id"], "label": entry["label"], "countable": entry["countable"]}
        for entry in protocol.data["diary"]["seizure_types"]
    ]
    return {"seizure_types": types} | {name: protocol.data["diary"][name] for name in names}


def needed_datasets(protocol: Protocol, identifier: str) -> tuple[str, ...]:
    """Datasets that an analysis reads."""
    analysis = protocol.analysis(identifier)
    needs = METHODS[analysis["method"]]
    own = (*needs.datasets, *needs.dataset_read(analysis.get("options", {})).values())
    if hypothetical_events(protocol, analysis):
        own = (*own, "adice")
    repeated = repeated_analysis(protocol, analysis)
    if repeated is None:
        return own
    return tuple(dict.fromkeys((*own, *needed_datasets(protocol, repeated))))


def hypothetical_events(protocol: Protocol, analysis: Entry) -> list[str]:
    """Events that the estimand of an analysis supposes not to have happened."""
    defined = {entry["id"] for entry in protocol.data["intercurrent_events"]}
    return [
        event["event"]
        for estimand in protocol.data["estimands"]
        if estimand["id"] == analysis.get("estimand")
        for event in estimand["intercurrent_events"]
        if event["strategy"] == "hypothetical" and event["event"] in defined
    ]


def uses_events(protocol: Protocol) -> bool:
    """Whether windows or endpoints of a study depend on its intercurrent events."""
    return any(window["until"] for window in protocol.data["design"]["windows"]) or any(
        "composite_events" in endpoint for endpoint in protocol.data["endpoints"]
    )


def repeated_analysis(protocol: Protocol, analysis: Entry) -> str | None:
    """Id of the analysis that an analysis repeats; None where it repeats none."""
    return analysis["options"]["repeats"] if METHODS[analysis["method"]].repeats else None


def methods_run(protocol: Protocol, identifier: str) -> tuple[str, ...]:
    """Methods that run in an analysis: its own, and that of the analysis it repeats."""
    analysis = protocol.analysis(identifier)
    repeated = repeated_analysis(protocol, analysis)
    again = [] if repeated is None else [protocol.analysis(repeated)["method"]]
    return (analysis["method"], *again)


def needed_results(protocol: Protocol, identifier: str) -> tuple[str, ...]:
    """Ids of the analyses whose results an analysis reads, each once."""
    analysis = protocol.analysis(identifier)
    read = METHODS[analysis["method"]].analyses_read(analysis.get("options", {}))
    return tuple(dict.fromkeys(name for _, name in read))


def _study_folder(study: str, folders: list[Path]) -> Path:
    candidates = [folder / study for folder in folders]
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    present: list[Any] = [path.name for f in folders if f.is_dir() for path in f.glob("*")]
    raise InputError(
        [
            Problem(
                "config.yaml, studies",
                f'There is no folder for the study "{study}".',
                expected=str(candidates[0]),
                action=f"Add the folder, or mend the name. {nearest(study, map(str, present))}",
            )
        ]
    )
