"""Models of counts: fits as pure functions on arrays, apart from protocols and reports.

Nothing is imported here, so that a job depends on the model that it fits alone.
"""
