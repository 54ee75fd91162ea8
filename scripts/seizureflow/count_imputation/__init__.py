"""Controlled multiple imputation of seizure counts on days that were not recorded.

The mathematics, in the notation of the code, is in ``docs/count-imputation.md``.
"""
