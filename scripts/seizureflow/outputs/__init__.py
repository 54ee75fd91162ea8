"""The tables and listings that a trial team sends round, as RTF, HTML and CSV.

Numbers are rows of the results data; a count of participants that no analysis gives is counted in
the analysis datasets, and listings are their rows. No statistic is computed here.
"""
