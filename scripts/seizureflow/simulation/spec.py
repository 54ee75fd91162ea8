"""What a simulated cohort is made from: the content of a study's ``cohort.yaml``, typed.

Days are study days: day 1 is the first dose, day -1 the day before it, and there is no day 0.
Rates are seizures per 28 days unless a name says otherwise; effects are on the natural log scale.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class NormalSpec:
    """A normal distribution."""

    mean: float
    sd: float


@dataclass(frozen=True)
class PrintedMoments:
    """A mean and a standard deviation as printed, with the digits they were printed to."""

    mean: float
    mean_decimals: int
    sd: float
    sd_decimals: int


@dataclass(frozen=True)
class EligibilityRules:
    """Entry criteria; every bound is inclusive. Seizures are countable ones on recorded days."""

    minimum_seizures: int
    longest_seizure_free_run: int
    age: tuple[int, int]
    minimum_failed_asm: int
    current_asm: tuple[int, int]


@dataclass(frozen=True)
class ScreeningSpec:
    """Who is screened, how many fail, and how the eligible ones are randomised."""

    sites: int
    screen_failures: int
    eligibility: EligibilityRules
    high_baseline_count: int
    block_size: int


@dataclass(frozen=True)
class CalendarSpec:
    """The first screening and the last visit of the last participant, both met exactly."""

    first_screened: date
    last_visit: date


@dataclass(frozen=True)
class VisitSpec:
    """A planned post-baseline visit."""

    id: str
    day: int


@dataclass(frozen=True)
class ScheduleSpec:
    """Planned days. Visits happen `jitter_sd` days (rounded normal) around the planned day."""

    baseline_days: int
    visits: tuple[VisitSpec, ...]
    dose_days: tuple[int, ...]
    jitter_sd: float
    jitter_limit: int
    missed_dose_probability: float


@dataclass(frozen=True)
class PopulationSpec:
    """Distributions over the people who come to screening."""

    age: NormalSpec
    age_limits: tuple[int, int]
    female: float
    structural_cause: float
    failed_asm_beyond_one: float
    failed_asm_only_one: float
    current_asm: dict[int, float]
    median_rate: float
    rate_log_sd: float


@dataclass(frozen=True)
class SeizureTypeSpec:
    """A diary column. Countable types share the rate; other types have a rate of their own."""

    id: str
    countable: bool
    share: float = 0.0
    present: float = 1.0
    median_rate: float = 0.0
    rate_log_sd: float = 0.0


@dataclass(frozen=True)
class DiarySpec:
    """How seizures fall on days and how diaries are kept."""

    types: tuple[SeizureTypeSpec, ...]
    share_concentration: float
    size_median: float
    size_log_sd: float
    carry_over: float
    carry_over_cap: int
    drift_sd: float
    drift_days: float
    cluster_prone: float
    cluster_probability: float
    cluster_minimum: int
    missing_mean: float
    missing_concentration: float
    missing_run_days: float
    daily_cap: int


@dataclass(frozen=True)
class ResponseSpec:
    """Change of a participant's log rate after the first dose: a mixture of two normals.

    The change builds up linearly over `onset_days` and then stays.
    """

    strong_share: float
    strong: NormalSpec
    other: NormalSpec
    onset_days: int


@dataclass(frozen=True)
class EventSpec:
    """An adverse event written out in full."""

    term: str
    body_system: str
    severity: str
    serious: bool
    related: bool
    action: str


@dataclass(frozen=True)
class DiscontinuationSpec:
    """One participant of an arm who stops treatment on a day within `days`."""

    reason: str
    days: tuple[int, int]
    final_visit: bool = True
    adverse_event: EventSpec | None = None


@dataclass(frozen=True)
class MedicationChangeSpec:
    """One completer of an arm who starts one more anti-seizure medication within `days`."""

    reason: str
    days: tuple[int, int]


@dataclass(frozen=True)
class ArmSpec:
    """One arm: its size, what happens to its participants, and how they respond."""

    id: str
    randomised: int
    dose_mg: int
    response: ResponseSpec
    worst_severity: dict[str, int]
    not_dosed: tuple[str, ...] = ()
    discontinuations: tuple[DiscontinuationSpec, ...] = ()
    medication_changes: tuple[MedicationChangeSpec, ...] = ()
    dosed_age: PrintedMoments | None = None


@dataclass(frozen=True)
class TermSpec:
    """A preferred term that adverse events are drawn from."""

    term: str
    body_system: str
    weight: float


@dataclass(frozen=True)
class SafetySpec:
    """Adverse events: how many, of which terms, how long."""

    terms: tuple[TermSpec, ...]
    severities: tuple[str, ...]
    further_events_mean: float
    related: float
    dose_interrupted: float
    before_dose: float
    duration_median: float
    duration_log_sd: float


@dataclass(frozen=True)
class MedicationSpec:
    """Anti-seizure medications, rescue medications and others, with their weights."""

    anti_seizure: dict[str, float]
    rescue: dict[str, float]
    other: dict[str, str]
    rescue_user: float
    rescue_days_mean: float
    rescue_minimum_seizures: int
    other_user: float


@dataclass(frozen=True)
class CohortSpec:
    """Everything that determines a simulated cohort, save the random numbers."""

    study: str
    seed: int
    calendar: CalendarSpec
    schedule: ScheduleSpec
    screening: ScreeningSpec
    population: PopulationSpec
    diary: DiarySpec
    arms: tuple[ArmSpec, ...]
    safety: SafetySpec
    medications: MedicationSpec


def load_cohort_spec(path: Path) -> CohortSpec:
    """Read a ``cohort.yaml``; unknown, missing and ill-typed keys are errors that name the key."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    spec = _build(CohortSpec, content, path.name)
    assert isinstance(spec, CohortSpec)  # noqa: S101
    return spec


def _build(kind: Any, value: Any, where: str) -> Any:
    """Return `value` (plain YAML) as an instance of the annotated type `kind`."""
    if dataclasses.is_dataclass(kind):
        return _build_dataclass(kind, value, where)
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is types.UnionType:
        return None if value is None else _build(arguments[0], value, where)
    if origin is tuple:
        if not isinstance(value, list):
            raise ValueError(f"{where}: expected a list, found {value!r}")
        kinds = [arguments[0]] * len(value) if arguments[-1] is Ellipsis else list(arguments)
        if len(kinds) != len(value):
            raise ValueError(f"{where}: expected {len(kinds)} entries, found {len(value)}")
        return tuple(
            _build(k, v, f"{where}[{i}]") for i, (k, v) in enumerate(zip(kinds, value, strict=True))
        )
    if origin is dict:
        if not isinstance(value, dict):
            raise ValueError(f"{where}: expected a mapping, found {value!r}")
        return {
            _build(arguments[0], k, where): _build(arguments[1], v, f"{where}.{k}")
            for k, v in value.items()
        }
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind:
        raise ValueError(f"{where}: expected {kind.__name__}, found {value!r}")
    return value


def _build_dataclass(kind: Any, value: Any, where: str) -> Any:
    if not isinstance(value, dict):
        raise ValueError(f"{where}: expected a mapping, found {value!r}")
    hints = typing.get_type_hints(kind)
    unknown = sorted(set(value) - set(hints))
    missing = sorted(
        f.name
        for f in dataclasses.fields(kind)
        if f.default is dataclasses.MISSING and f.name not in value
    )
    if unknown or missing:
        raise ValueError(f"{where}: unknown keys {unknown}, missing keys {missing}")
    return kind(**{name: _build(hints[name], value[name], f"{where}.{name}") for name in value})
