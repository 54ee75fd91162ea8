"""Reads one raw file of any supported format into one table of cells, from untrusted sources."""

from seizureflow.readers.dispatch import FORMATS, read_file
from seizureflow.readers.file_table import FileTable

__all__ = ["FORMATS", "FileTable", "read_file"]
