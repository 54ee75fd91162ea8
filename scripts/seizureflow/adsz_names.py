"""Names that ADSZ gives to windows and parameters, which a protocol cannot give again."""

from __future__ import annotations

# The window that is the baseline period.
BASELINE = "baseline"
# Codes of the parameters of all countable seizures.
OWN_CODES = ("SZCOUNT", "SZDAYS", "SZFREQ", "SZFREE", "SZFREEFQ")
# Count and frequency of a seizure type, to which the type's number is added.
TYPE_STEMS = ("SZCT", "SZFR")


def type_codes(number: int) -> tuple[str, ...]:
    """Codes of the parameters of a seizure type.

    Args:
        number: Place of the type in the protocol, from 1.

    >>> type_codes(2)
    ('SZCT02', 'SZFR02')
    """
    return tuple(f"{stem}{number:02d}" for stem in TYPE_STEMS)


def own_codes(number_of_types: int) -> list[str]:
    """Codes that no endpoint of a protocol with so many seizure types may have."""
    numbers = range(1, number_of_types + 1)
    return [*OWN_CODES, *(code for number in numbers for code in type_codes(number))]
