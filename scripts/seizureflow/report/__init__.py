"""The study report: plain view data from results, and the page that shows them.

Nothing here computes a result. Every number shown is a row of the results table or of the
comparison with published results; the section on data quality counts rows, days and people.
"""
