"""The kinds of evidence that definitions of checklists can name."""

from __future__ import annotations

from collections.abc import Callable

from seizureflow.checklists import (
    estimand_evidence,
    outcome_evidence,
    plan_evidence,
    results_evidence,
)
from seizureflow.checklists.answers import Found
from seizureflow.checklists.study_run import Entry, StudyRun

OfStudy = Callable[[StudyRun], Found]
OfEstimand = Callable[[StudyRun, Entry], Found]

OF_STUDY: dict[str, OfStudy] = {
    "named_randomised": plan_evidence.named_randomised,
    "question": plan_evidence.question,
    "data_dictionary": plan_evidence.data_dictionary,
    "unequal_allocation": plan_evidence.unequal_allocation,
    "eligibility": plan_evidence.eligibility,
    "primary_outcome": plan_evidence.primary_outcome,
    "secondary_outcomes": plan_evidence.secondary_outcomes,
    "strata": plan_evidence.strata,
    "primary_method": plan_evidence.primary_method,
    "secondary_methods": plan_evidence.secondary_methods,
    "harms_method": plan_evidence.harms_method,
    "analysis_sets": plan_evidence.analysis_sets,
    "groups_as_randomised": plan_evidence.groups_as_randomised,
    "missing_days": plan_evidence.missing_days,
    "missing_in_primary": plan_evidence.missing_in_primary,
    "additional_methods": plan_evidence.additional_methods,
    "randomised": results_evidence.randomised,
    "received": results_evidence.received,
    "analysed": results_evidence.analysed,
    "losses": results_evidence.losses,
    "exclusions": results_evidence.exclusions,
    "first_screened": results_evidence.first_screened,
    "last_visit": results_evidence.last_visit,
    "baseline": results_evidence.baseline,
    "numbers_analysed": outcome_evidence.numbers_analysed,
    "data_by_visit": outcome_evidence.data_by_visit,
    "primary_effect": outcome_evidence.primary_effect,
    "secondary_effects": outcome_evidence.secondary_effects,
    "absolute_and_relative": outcome_evidence.absolute_and_relative,
    "harms_counted": results_evidence.harms_counted,
    "harms": results_evidence.harms,
    "additional_results": results_evidence.additional_results,
    "primary_estimand": estimand_evidence.primary_estimand,
}
OF_ESTIMAND: dict[str, OfEstimand] = {
    "treatment": estimand_evidence.treatment,
    "population": estimand_evidence.population,
    "variable": estimand_evidence.variable,
    "events": estimand_evidence.events,
    "every_event": estimand_evidence.every_event,
    "summary": estimand_evidence.summary,
    "main_estimator": estimand_evidence.main_estimator,
    "estimate": estimand_evidence.estimate,
    "missing_data": estimand_evidence.missing_data,
    "sensitivity": estimand_evidence.sensitivity,
    "supplementary": estimand_evidence.supplementary,
}
