"""Analysis of randomised trials with seizure-diary endpoints."""
