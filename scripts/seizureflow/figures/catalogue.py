"""Which figures there are, what each reads, and where in the report it belongs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Section = Literal[
    "participants", "primary", "secondary", "sensitivity", "subgroups", "safety", "data_quality"
]


@dataclass(frozen=True)
class FigureNeeds:
    """What a figure reads; a study that lacks any of it does not have the figure.

    Attributes:
        title: Title in lists of figures.
        about: What it shows, in a sentence.
        section: Section of the report that shows it.
        datasets: Analysis datasets, canonical tables and tables on data quality.
        optional: Further ones, which it reads where the study has them.
        methods: The figure reads the results of all analyses by these methods; one is enough.
        roles: Of those analyses, the ones of these roles alone; empty for all.
        optional_methods: Methods whose results it reads too, where the plan has them.
        primary: Whether it reads the results of the analysis that answers the study's question
            too, where the plan has one. A figure without ``methods`` needs this or one of
            ``optional_methods``.
        compares: Whether it reads the results of all analyses that compare the arms.
        specifications: Whether it reads the specifications of the first curve of the plan.
        entries: Entries of the protocol, beside those that every figure has
            (:data:`ALWAYS`); ``diary_quality`` is the entry ``quality`` of its diary.
        embed: Format in which the report holds it: hundreds of marks are larger as SVG.
    """

    title: str
    about: str
    section: Section
    datasets: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    optional_methods: tuple[str, ...] = ()
    primary: bool = False
    compares: bool = False
    specifications: bool = False
    entries: tuple[str, ...] = ()
    embed: Literal["svg", "png"] = "svg"


ALWAYS = ("study", "simulated", "treatment", "design")

# In the order of the report. The module of a figure has its name.
FIGURES: dict[str, FigureNeeds] = {
    "participant_flow": FigureNeeds(
        title="Participant flow",
        about="Participants from screening to the primary analysis, with the reasons for leaving.",
        section="participants",
        datasets=("adsl",),
        methods=("participant_flow",),
        primary=True,
        entries=("domains", "analysis_sets"),
    ),
    "log_frequency": FigureNeeds(
        title="Change by visit",
        about="Change in log seizure frequency from baseline at each visit: means with their "
        "intervals over the lines of all participants.",
        section="primary",
        datasets=("adsl", "adsz"),
        methods=("mmrm", "summary_by_visit"),
        entries=("endpoints",),
    ),
    "covariance": FigureNeeds(
        title="Covariance between visits",
        about="Correlations between visits and standard deviations at each, of the primary mixed "
        "model.",
        section="primary",
        methods=("mmrm",),
    ),
    "residuals": FigureNeeds(
        title="Residuals",
        about="Quantiles of the normalised residuals of the primary mixed model against those of "
        "a normal distribution.",
        section="primary",
        methods=("mmrm",),
    ),
    "percent_change": FigureNeeds(
        title="Percent change of every participant",
        about="Percent change in seizure frequency of every participant in the primary window, "
        "sorted, with median and quartiles by arm.",
        section="secondary",
        datasets=("adsl", "adsz"),
        optional_methods=("percent_change_summary",),
        primary=True,
    ),
    "exposure": FigureNeeds(
        title="Time in the study and on treatment",
        about="Time in the study of every participant treated, with doses, the end of the study "
        "and serious adverse events.",
        section="safety",
        datasets=("adsl", "adex"),
        optional=("adae",),
        embed="png",
    ),
    "recording_compliance": FigureNeeds(
        title="Diary days recorded",
        about="Share of the expected diary days that every participant recorded, by period and "
        "arm.",
        section="data_quality",
        datasets=("adsl", "compliance"),
        entries=("diary_quality",),
    ),
    "diary_heatmap": FigureNeeds(
        title="Diaries",
        about="Seizures of every participant of the study, by day or period, aligned at day 1.",
        section="data_quality",
        datasets=("adsl", "intervals", "seizures"),
        entries=("diary",),
        embed="png",
    ),
    "cumulative_responders": FigureNeeds(
        title="Cumulative responders",
        about="Share of each arm that reaches each reduction of the seizure frequency.",
        section="secondary",
        methods=("cumulative_responders",),
    ),
    "kaplan_meier": FigureNeeds(
        title="Time to events",
        about="Share of each arm free of an event over time, with the participants at risk.",
        section="secondary",
        methods=("kaplan_meier",),
        roles=("primary", "secondary", "sensitivity", "descriptive"),
    ),
    "forest": FigureNeeds(
        title="All analyses",
        about="Estimates of all analyses with their intervals.",
        section="sensitivity",
        compares=True,
        entries=("success_criterion",),
    ),
    "tipping_point": FigureNeeds(
        title="Tipping points",
        about="The estimate as unseen outcomes are made worse or better in either arm, and where "
        "the conclusion turns.",
        section="sensitivity",
        methods=("tipping_point", "tipping_point_count", "tipping_point_responder"),
    ),
    "posterior": FigureNeeds(
        title="Posterior of the reduction",
        about="Posterior densities of the reduction under several priors, with the probability "
        "that it exceeds the threshold.",
        section="sensitivity",
        methods=("posterior_threshold",),
        entries=("success_criterion",),
    ),
    "specification_curve": FigureNeeds(
        title="Choices",
        about="The effect under every combination of the choices that could have been made.",
        section="sensitivity",
        methods=("specification_curve",),
        specifications=True,
        embed="png",
    ),
    "subgroups": FigureNeeds(
        title="Subgroups",
        about="The effect in subgroups of the participants.",
        section="subgroups",
        methods=("subgroups",),
    ),
    "adverse_events": FigureNeeds(
        title="Adverse events by term",
        about="Share of each arm with each adverse event, and the differences between the arms.",
        section="safety",
        methods=("adverse_event_differences", "adverse_event_summary"),
    ),
    "kaplan_meier_safety": FigureNeeds(
        title="Time to safety events",
        about="Share of each arm free of a safety event over time, with the participants at risk.",
        section="safety",
        methods=("kaplan_meier",),
        roles=("safety",),
    ),
}
