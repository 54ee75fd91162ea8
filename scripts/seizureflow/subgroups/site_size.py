"""The name of the one grouping variable that ADSL does not hold."""

from __future__ import annotations

# Participants at the participant's site, which subgroups can be formed by.
SITE_SIZE = "SITESIZE"
