"""The limits within which a raw file is believed to be a table and not an accident or an attack."""

from __future__ import annotations

MIB = 1024**2

MAX_CELL_CHARACTERS = 32_767
"""Longest cell: Excel's own limit. Longer ones are notes, images or damage, not data."""

MAX_COLUMNS = 16_384
"""Most columns of a table: Excel's own limit."""

MAX_SHEET_ROWS = 1_048_576
"""Most rows of a sheet, Excel's own limit: a made-up row number must not cost memory."""

MAX_PARQUET_ROWS = 200_000_000
"""Most rows of a Parquet file: a few bytes can claim any number of equal rows."""

MAX_ARCHIVE_MEMBERS = 2_000
"""Most files within an Excel file; a workbook with a hundred sheets has a few hundred."""

MAX_ARCHIVE_BYTES = 512 * MIB
"""Most bytes that an Excel file may hold when unpacked."""

MAX_ARCHIVE_RATIO = 200
"""Most bytes unpacked per byte packed; sheets of real data stay below 50."""

ARCHIVE_RATIO_FROM = MIB
"""Unpacked size from which :data:`MAX_ARCHIVE_RATIO` holds; small files do no harm."""

MAX_ELEMENTS_AT_ONCE = 2_000_000
"""Most XML elements between two rows of a sheet, which a parser holds at once (some 200 MB); a row
of :data:`MAX_COLUMNS` cells has 50,000."""

MAX_XML_TOKEN = 4 * MIB
"""Longest tag or comment of XML, which a parser reads again with every further piece of it."""

MAX_JSON_BYTES = 1024 * MIB
"""Largest JSON file: it takes several times its size in memory."""

MAX_SHOWN_CHARACTERS = 80
"""Longest excerpt of a value in a finding."""

MAX_LABEL_CHARACTERS = 256
"""Longest label of a column that is kept: the limit of SAS."""
