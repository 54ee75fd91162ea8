"""Imputation of outcomes at visits under stated assumptions, and what follows for the effect.

Participants are independent, their outcomes at the visits jointly normal given the covariates. The
model is the mixed model of :mod:`seizureflow.mmrm`, with one covariance for all arms. Outcomes are
imputed under missingness at random or by reference to another arm (Carpenter, Roger & Kenward
2013), and analysed as if they had been seen.
"""
