"""The model and the options of an analysis in words, never as they stand in code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from seizureflow.covariance_names import COVARIANCE_WORDS
from seizureflow.displays.labels import Labels
from seizureflow.displays.values import minus
from seizureflow.displays.words import listed, lower_first, upper_first
from seizureflow.registry import METHODS
from seizureflow.report.option_words import ONLY_WITH, TELLING, TITLES, VALUES
from seizureflow.subgroups.site_size import SITE_SIZE
from seizureflow.visit_schedule import window_visits

Entry = dict[str, Any]
Fact = tuple[str, str]

_DF_WORDS = {
    "satterthwaite": "Satterthwaite",
    "kenward-roger": "Kenward-Roger, with its second-order term",
    "kenward-roger-linear": "Kenward-Roger, linear form (what SAS gives under an unstructured "
    "covariance)",
    "residual": "residual: rows less fixed effects",
}


def model_facts(entry: Entry, labels: Labels) -> Iterator[Fact]:
    """The visits that enter a model, and its effects.

    Args:
        entry: The analysis's entry of the protocol.
        labels: Labels of the study.
    """
    needs = METHODS[entry["method"]]
    if needs.visits:
        visits = window_visits(labels.protocol["design"], entry.get("window"))
        yield "Visits", f"{upper_first(listed([lower_first(labels.window(v)) for v in visits]))}."
    if needs.covariates:
        yield "Model", _model(entry, labels)


def _model(entry: Entry, labels: Labels) -> str:
    effects = ["treatment arm"]
    if METHODS[entry["method"]].visits:
        effects += ["visit", "treatment arm × visit"]
    effects += [_variable(name, labels) for name in entry.get("covariates", [])]
    by_visit = (entry.get("options") or {}).get("covariates_by_visit", [])
    effects += [f"{_variable(name, labels)} × visit" for name in by_visit]
    return "Treatment arm alone." if len(effects) == 1 else f"{upper_first(listed(effects))}."


def option_facts(entry: Entry, labels: Labels) -> Iterator[Fact]:
    """The options of an analysis, each with its name.

    Args:
        entry: The analysis's entry of the protocol.
        labels: Labels of the study.
    """
    usual = []
    for name, value in _options_in_use(entry):
        title, words = _worded(name, value, labels)
        schema = METHODS[entry["method"]].options.get(name, {})
        if name in TELLING or "default" not in schema or schema["default"] != value:
            yield title, f"{upper_first(words)}."
        elif value not in (None, [], {}):
            usual.append(f"{lower_first(title)}: {words}")
    if usual:
        yield "Default settings", f"{upper_first('; '.join(usual))}."


def _options_in_use(entry: Entry) -> Iterator[tuple[str, Any]]:
    options = entry.get("options") or {}
    only_with = ONLY_WITH.get(entry["method"], {})
    for name, value in options.items():
        other, values = only_with.get(name, (None, ()))
        if other is None or options.get(other) in values:
            yield name, value


def _worded(name: str, value: Any, labels: Labels) -> Fact:
    """Title and words of an option."""
    if name in _OPTIONS:
        title, worded = _OPTIONS[name]
        return title, worded(value, labels)
    title = TITLES.get(name, upper_first(name.replace("_", " ")))
    if isinstance(value, str):
        known: dict[str, str] = VALUES.get(name, {})
        return title, known.get(value.lower(), value.replace("_", " "))
    return title, readable(value)


def readable(value: Any) -> str:
    """A value of the plan as a reader would write it.

    >>> readable(["a", "b", 3]), readable([]), readable(True), readable({"first_day": -3})
    ('a, b and 3', 'none', 'yes', 'first day −3')
    """
    if value is None or value in ([], {}):
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return "; ".join(f"{str(k).replace('_', ' ')} {readable(v)}" for k, v in value.items())
    if isinstance(value, list):
        return listed([readable(item) for item in value])
    return minus(str(value))


def _covariance(structures: list[str], labels: Labels) -> str:
    first, *others = [COVARIANCE_WORDS[name] for name in structures]
    if not others:
        return first
    return f"{first}; if it does not converge, in turn {', '.join(others)}"


def _degrees_of_freedom(method: str, labels: Labels) -> str:
    return _DF_WORDS[method]


def _by_visit(names: list[str], labels: Labels) -> str:
    return listed([_variable(name, labels) for name in names]) or "none"


def _time_to_event(identifier: str, labels: Labels) -> str:
    return labels.time_to_event({"options": {"parameter": identifier}})


def _times(days: list[float], labels: Labels) -> str:
    return f"study days {readable(days)}" if days else "the days of the scheduled visits"


def _until(day: float | None, labels: Labels) -> str:
    if day is None:
        return "the longest to which the curves of all arms are known"
    return f"study day {readable(day)}"


def _ties(method: str, labels: Labels) -> str:
    return f"{upper_first(method)}'s approximation"


def _strata(names: list[str], labels: Labels) -> str:
    return listed([_variable(name, labels) for name in names]) or "without strata"


def _grid(grid: dict[str, list[Any]], labels: Labels) -> str:
    """How many levels each choice has; the analysis itself names and counts them."""
    return listed(
        [f"{choice.replace('_', ' ')} ({len(levels)})" for choice, levels in grid.items()]
    )


def _subgroups(entries: list[Entry], labels: Labels) -> str:
    return listed([_subgroup(entry, labels) for entry in entries])


def _subgroup(entry: Entry, labels: Labels) -> str:
    known = {SITE_SIZE: "participants at the site"}
    name = entry.get("label") or known.get(entry["variable"]) or labels.variable(entry["variable"])
    cuts = entry.get("cuts")
    if cuts is None:
        return lower_first(name)
    return f"{lower_first(name)} (divided at {cuts if isinstance(cuts, str) else readable(cuts)})"


def _recurrence(model: str, labels: Labels) -> str:
    return _RECURRENCE_WORDS.get(model, str(readable(model)))


def _analysis(identifier: str, labels: Labels) -> str:
    return labels.analysis(identifier)


def _hypotheses(entries: list[Entry], labels: Labels) -> str:
    named = [entry.get("label") or labels.analysis(entry["analysis"]) for entry in entries]
    return "; ".join(f"({place}) {name}" for place, name in enumerate(named, start=1))


def _historical(entry: Entry, labels: Labels) -> str:
    mean, sd = readable(entry["mean"]), readable(entry["sd"])
    return f"mean {mean}%, standard deviation between trials {sd} points ({entry['source']})"


def _priors(entries: list[Entry], labels: Labels) -> str:
    return "; ".join(_prior(entry) for entry in entries)


def _prior(entry: Entry) -> str:
    name = str(entry.get("label") or entry.get("id") or entry.get("name"))
    if entry.get("sd") is None:
        return f"{name}: flat"
    mean = minus(f"{entry['mean']:.3g}")
    return f"{name}: mean {mean}, standard deviation {entry['sd']:.3g}"


def _visits(identifiers: list[str], labels: Labels) -> str:
    return listed([lower_first(labels.window(name)) for name in identifiers]) or "none"


def _flag(name: str, labels: Labels) -> str:
    variable = _variable(name, labels)
    return "not completing the study" if name == "COMPLFL" else f"anything but yes in {variable}"


def _quantile(value: float, labels: Labels) -> str:
    return "the median" if value == 0.5 else readable(value)


def _by_arm(factors: dict[str, float], labels: Labels) -> str:
    return "; ".join(f"{labels.arm(arm)} × {readable(value)}" for arm, value in factors.items())


def _multipliers(value: Any, labels: Labels) -> str:
    return _by_arm(value, labels) if isinstance(value, dict) else readable(value)


def _variable(name: str, labels: Labels) -> str:
    return lower_first(labels.variable(name))


_RECURRENCE_WORDS = {
    "andersen_gill": "Andersen and Gill: all who recorded the study day are compared",
    "pwp_total_time": "Prentice, Williams and Peterson, total time: those are compared who "
    "recorded the study day and had as many seizures before it",
    "pwp_gap_time": "Prentice, Williams and Peterson, gap time: those are compared who had as "
    "many seizures before, as many days after the last",
}
_OPTIONS: dict[str, tuple[str, Callable[[Any, Labels], str]]] = {
    "covariance": ("Covariance between visits", _covariance),
    "df": ("Degrees of freedom", _degrees_of_freedom),
    "covariates_by_visit": ("Covariates that may act differently at each visit", _by_visit),
    "parameter": ("Time to an event", _time_to_event),
    "times": ("Days described", _times),
    "until": ("Times are counted up to", _until),
    "ties": ("Events on the same day", _ties),
    "strata": ("Strata", _strata),
    "model": ("Model of recurrence", _recurrence),
    "analysis": (TITLES["analysis"], _analysis),
    "primary": (TITLES["primary"], _analysis),
    "grid": (TITLES["grid"], _grid),
    "by": (TITLES["by"], _subgroups),
    "repeats": (TITLES["repeats"], _analysis),
    "hypotheses": (TITLES["hypotheses"], _hypotheses),
    "historical": (TITLES["historical"], _historical),
    "priors": (TITLES["priors"], _priors),
    "earlier_visits": (TITLES["earlier_visits"], _visits),
    "completion_flag": (TITLES["completion_flag"], _flag),
    "quantile": (TITLES["quantile"], _quantile),
    "multipliers": (TITLES["multipliers"], _multipliers),
    "max_events": ("Strata by number of earlier seizures", lambda most, labels: f"at most {most}"),
}
