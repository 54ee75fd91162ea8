"""Simulation of a whole trial cohort: participants, daily diaries, conduct and safety.

The raw records of a trial are drawn from a `CohortSpec` (a study's ``cohort.yaml``) and one
`numpy.random.Generator`; `calibration` then moves single seizures until the study's own analyses
print its published numbers. Nothing about a particular trial is in this package.
"""
