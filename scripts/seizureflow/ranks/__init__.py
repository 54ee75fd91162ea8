"""Rank tests of two groups, without and with strata and covariates; pure functions on arrays."""
