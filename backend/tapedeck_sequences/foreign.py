"""Files of other kinds: what they are, and what to do about it. What is recognised here is refused."""

from __future__ import annotations

import io
import re
import zipfile

from tapedeck_sequences.problem import Problem


class OtherKind(Problem):
    """The file is of a kind that is known, and holds no sequence that could be read."""


UNPACK = "unpack it first"
SAVE = "save the sequence with numpy.save or as CSV"
CSV = "save the sheet as CSV"
MAGIC = {
    b"\x1f\x8b": ("compressed with gzip", UNPACK),
    b"BZh91AY": ("compressed with bzip2", UNPACK),
    b"\xfd7zXZ\x00": ("compressed with xz", UNPACK),
    b"\x28\xb5\x2f\xfd": ("compressed with Zstandard", UNPACK),
    b"7z\xbc\xaf\x27\x1c": ("a 7z archive", UNPACK),
    b"Rar!\x1a": ("a RAR archive", UNPACK),
    b"MATLAB 5.0 MAT": ("a MAT-file of MATLAB", "save the matrix with writematrix"),
    b"MATLAB 7.3 MAT": ("a MAT-file of MATLAB", "save the matrix with writematrix"),
    b"\x89HDF": ("an HDF5 file", SAVE),
    b"PAR1": ("a Parquet file", SAVE),
    b"ARROW1": ("an Arrow file", SAVE),
    b"SQLite format 3": ("a SQLite database", SAVE),
    b"\xd0\xcf\x11\xe0": ("an old Excel workbook", CSV),
    b"%PDF-": ("a PDF document", "save the bits as text"),
    b"{\\rtf": ("a Rich Text document", "save it as plain text"),
    b"\x89PNG": ("a picture", "choose a file with the bits themselves"),
    b"\xff\xd8\xff": ("a picture", "choose a file with the bits themselves"),
    b"GIF8": ("a picture", "choose a file with the bits themselves"),
}
"""By the bytes with which a file begins."""
PICKLE = re.compile(rb"\x80[\x02-\x05].*\.\Z", re.DOTALL)
MEMBERS = {
    "xl/": ("an Excel workbook", CSV),
    "word/": ("a Word document", "save it as plain text"),
    "content.xml": ("an OpenDocument file", "save it as CSV or as plain text"),
    "Index/": ("a Numbers document", "export it as CSV"),
    "data.pkl": ("a file of PyTorch, which needs pickle", SAVE),
}
"""Of an archive, by a part of the name of one of its members."""
TEXTS = {
    r"\s*<(?:!doctype|html|\?xml|table|svg|[a-z]\w*[\s>])": (
        "HTML or XML",
        "copy the table's cells, or save it as CSV",
    ),
    r"\s*(?::[0-9A-Fa-f]{10,}\s*)+\Z": ("an Intel HEX file", "convert it to numbers such as 0xb3"),
    r"\s*(?:S[0-9][0-9A-Fa-f]{8,}\s*)+\Z": ("a file of S-records", "convert it to numbers such as 0xb3"),
    r"\s*0{7,8}(?:: ?| {1,3})(?!(?:[01]+\s)*[01]+\s*$)(?:[0-9a-fA-F]{2,8} +)*[0-9a-fA-F]{2,8}\s*(?: .*)?$": (
        "a dump of bytes with their addresses",
        "leave the numbers only, such as 0xb3 0x2c",
    ),
    r"%%MatrixMarket": ("a Matrix Market file", "save the matrix in full as CSV"),
    r"\s*(?=\S*[a-z])(?=\S*[A-Z])(?=\S*[\d=])(?=(?:\S{4}){3,}\s*\Z)[A-Za-z0-9+/]+={0,2}\s*\Z": (
        "Base64",
        "decode it first",
    ),
}
"""By what stands in a text that could not be read as bits."""


def check_bytes(data: bytes) -> None:
    """Raises Problem if the bytes are those of a file of a kind that holds no sequence."""
    kind = next((kind for magic, kind in MAGIC.items() if data.startswith(magic)), None)
    if kind is None and PICKLE.match(data):
        kind = ("a pickle of Python, which is not opened", SAVE)
    if kind is not None:
        raise _problem(kind)


def check_archive(data: bytes) -> None:
    """Raises Problem if the archive is a document or another program's, rather than arrays of NumPy."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return  # whoever reads it says so
    for part, kind in MEMBERS.items():
        if any(part in name for name in names):
            raise _problem(kind)


def check_text(text: str) -> None:
    """Raises Problem if the text is in a notation that is known, and is not bits."""
    for pattern, kind in TEXTS.items():
        if re.match(pattern, text, re.MULTILINE | (re.IGNORECASE if "doctype" in pattern else 0)):
            raise _problem(kind)


def _problem(kind: tuple[str, str]) -> OtherKind:
    what, remedy = kind
    return OtherKind(f"It is {what}; {remedy}.")
