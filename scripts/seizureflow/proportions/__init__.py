"""Comparison of proportions of responders: tables of counts, logistic models, standardisation."""
