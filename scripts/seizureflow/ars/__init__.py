"""Results for other systems: a CDISC ARS 1.0 reporting event, and the results table as JSON."""
