"""Methods for seizure counts."""

from __future__ import annotations

from seizureflow.registry.needs import MethodNeeds

METHODS: dict[str, MethodNeeds] = {
    "negative_binomial": MethodNeeds(
        "negative binomial regression of the seizure count by maximum likelihood, "
        "with the logarithm of the recorded days as offset",
        "Over {window}, by how much do the arms differ in the rate of countable seizures?",
        window=True,
        covariates=True,
        estimate="relative_change",
    ),
}
