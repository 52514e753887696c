"""Sequences as people write them: typed, or in a file of their own. What the page and the command line both read.

It knows neither the service nor the page, and nothing but NumPy. A sequence here is a list of rows, each a string of 0s
and 1s, one for each bit that the machine reads.
"""

from tapedeck_sequences.files import ENDINGS, MAX_BYTES, FileReading, Upload, read_file, read_upload
from tapedeck_sequences.problem import Problem
from tapedeck_sequences.typed import (
    as_bits,
    as_hex,
    as_text,
    check_length,
    parse_bits,
    parse_hex,
    parse_text,
)

__all__ = [
    "ENDINGS",
    "MAX_BYTES",
    "FileReading",
    "Problem",
    "Upload",
    "as_bits",
    "as_hex",
    "as_text",
    "check_length",
    "parse_bits",
    "parse_hex",
    "parse_text",
    "read_file",
    "read_upload",
]
