"""The study report: plain view data from results, and the page that shows them.

Nothing here computes a statistic. Every number shown is a row of the results table, of the
findings or of the comparison with published results.
"""
