"""What a method needs of the protocol and of the study, and what it estimates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Entry = dict[str, Any]
Schema = dict[str, Any]


@dataclass(frozen=True)
class MethodNeeds:
    """What a method needs of the protocol and of the study.

    Attributes:
        summary: What it does, in words that a methods section can use.
        question: What it asks, with ``{endpoint}``, ``{window}`` and ``{parameter}`` (a time to an
            event) for their labels.
        datasets: Analysis datasets it reads.
        domains: Raw domains the study must have.
        either: Datasets of which it reads one, by the raw domain from which it is derived; the
            option ``domain`` names the domain.
        endpoint: Kinds of endpoint it analyses; empty where it takes none.
        window: Whether the analysis must name a window.
        visits: Whether the window must hold visits.
        covariates: Whether covariates may be given.
        variables: Whether the variables to describe must be given.
        options: Options that can be given, and no others, each with the JSON Schema of its value.
            One whose schema has a default need not be given.
        estimate: Statistic that a forest plot shows, with its interval; a mapping where it depends
            on the kind of endpoint; None where there is none.
        random: Whether it draws random numbers; its ``analyse`` then takes a generator as third
            argument.
        reads_results: Options that name analyses whose results it reads: the id of one, a list of
            ids, or a list of entries with the key ``analysis``.
        repeats: Whether it repeats another analysis of the plan on other participants or data; the
            option ``repeats`` is then that one's id, and population, endpoint, window and
            covariates are those of the analysis repeated.
        caution: What simulations or theory say against it, in a sentence; the report shows it.
        parameter: Whether it analyses a time to an event; the option ``parameter`` is then the id
            of one.
    """

    summary: str
    question: str = ""
    datasets: tuple[str, ...] = ("adsl", "adsz")
    domains: tuple[str, ...] = ()
    either: Mapping[str, str] = field(default_factory=dict)
    endpoint: tuple[str, ...] = ()
    window: bool = False
    visits: bool = False
    covariates: bool = False
    variables: bool = False
    options: Mapping[str, Schema] = field(default_factory=dict)
    estimate: str | Mapping[str, str] | None = None
    random: bool = False
    reads_results: tuple[str, ...] = ()
    repeats: bool = False
    caution: str = ""
    parameter: bool = False

    def measure(self, endpoint_kind: str | None) -> str | None:
        """Name of the statistic that is the estimate for a kind of endpoint; None without one."""
        if isinstance(self.estimate, Mapping):
            return self.estimate.get(endpoint_kind or "")
        return self.estimate

    def required_options(self) -> list[str]:
        """Names of the options that must be given."""
        return [name for name, schema in self.options.items() if "default" not in schema]

    def dataset_read(self, options: Mapping[str, Any]) -> dict[str, str]:
        """The one of several datasets that is read, by its raw domain; none where options err."""
        chosen = options.get("domain")
        return {domain: name for domain, name in self.either.items() if domain == chosen}

    def analyses_read(self, options: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """Names of options that name analyses, each with an id that it names."""
        for option in self.reads_results:
            named = options.get(option)
            for item in named if isinstance(named, list) else [named]:
                identifier = item.get("analysis") if isinstance(item, Mapping) else item
                if isinstance(identifier, str):
                    yield option, identifier
