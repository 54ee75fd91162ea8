"""Linear models: robust variances, robust regression and quantile regression on arrays."""
