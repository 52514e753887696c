"""Files that hold a sequence: by encoding, as arrays, as words, and what is not a sequence."""

from __future__ import annotations

import base64
import csv
import gzip
import io
import json
import pickle
import zipfile
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapedeck_sequences import MAX_BYTES, Problem, read_file, read_upload

ROWS = st.lists(st.text("01", min_size=8, max_size=8), min_size=1, max_size=40)
THREE = ["10110011", "00101100", "11110000"]
ARRAY = np.array([list(map(int, row)) for row in THREE])


def npy_of(header: str) -> bytes:
    """A file in which nothing follows the header."""
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode()


def saved(array: object) -> bytes:
    out = io.BytesIO()
    np.save(out, np.asarray(array), allow_pickle=True)
    return out.getvalue()


def archived(**arrays: Any) -> bytes:
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)
    return out.getvalue()


def written(array: Any, **options: Any) -> bytes:
    """By np.savetxt."""
    out = io.StringIO()
    np.savetxt(out, array, **options)
    return out.getvalue().encode()


def table(array: Any, dialect: str, **options: Any) -> bytes:
    """By the standard library's csv."""
    out = io.StringIO()
    csv.writer(out, dialect, **options).writerows(array.tolist())
    return out.getvalue().encode()


@given(ROWS)
def test_a_sequence_comes_back_from_what_numpy_json_and_csv_write(rows: list[str]) -> None:
    array = np.array([[int(bit) for bit in row] for row in rows])
    with np.printoptions(threshold=10_000):
        printed = str(array), repr(array), str(array.astype(float)), repr(array.astype(bool))
    files = {
        "list.json": json.dumps(array.tolist()).encode(),
        "request.json": json.dumps({"checkpoint": "copy-1", "sequence": array.tolist()}, indent=2).encode(),
        "scientific.txt": written(array),
        "whole.txt": written(array, fmt="%d"),
        "together.txt": written(array, fmt="%d", delimiter=""),
        "heading.txt": written(array, fmt="%.3f", delimiter=",", header="b7 b6", footer="end"),
        "excel.csv": table(array, "excel"),
        "tabs.tsv": table(array, "excel-tab"),
        "unix.csv": table(array, "unix"),
        "semicolons.csv": table(array.astype(bool), "excel", delimiter=";"),
        **{f"printed{number}.txt": text.encode() for number, text in enumerate(printed)},
        "ints.npy": saved(array),
        "fortran.npy": saved(np.asfortranarray(array.astype(">f4"))),
        "words.npy": saved(rows),
    }
    assert {name: read_file(name, data).rows for name, data in files.items()} == dict.fromkeys(files, rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_is_read_in_every_encoding_that_excel_saves(encoding: str, separator: str) -> None:
    text = "\r\n".join(separator.join(row) for row in THREE)
    assert read_file("a.csv", text.encode(encoding)).rows == THREE


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "shift-jis", "utf-8"])
def test_a_heading_in_any_script_needs_no_mark_of_its_encoding(encoding: str) -> None:
    text = "ビット,b,c,d,e,f,g,h\n" + "\n".join(",".join(row) for row in THREE)
    assert read_file("a.csv", text.encode(encoding)).rows == THREE


@pytest.mark.parametrize("end", ["\x1a", "\0\0\0", "\r\n\x1a"])
def test_what_old_programs_put_after_the_last_line_is_not_read(end: str) -> None:
    assert read_file("a.txt", ("\r\n".join(THREE) + end).encode()).rows == THREE


@pytest.mark.parametrize("form", ["x = b'\\xb3,\\xf0'", "bytearray(b'\\xb3,\\xf0')", "bytes.fromhex('b32cf0')"])
def test_bytes_of_python_are_vectors_whatever_is_around_them(form: str) -> None:
    assert read_file("a.txt", form.encode()).rows == THREE


def test_which_sign_stands_for_1_is_said() -> None:
    found = read_file("a.txt", b"#.##..##\n..#.##..\n####....")
    assert (found.rows, found.form) == (THREE, "a matrix with “#” for 1 and “.” for 0")


def test_a_heading_may_be_in_an_old_encoding() -> None:
    text = "Größe;b;c;d;e;f;g;h\n" + "\n".join(";".join(row) for row in THREE)
    assert read_file("a.csv", text.encode("cp1252")).rows == THREE


@pytest.mark.parametrize(
    ("data", "form"),
    [
        (saved(ARRAY.astype(bool)), "an array of 3 × 8, bool"),
        (saved(ARRAY.astype(np.float16)), "an array of 3 × 8, float16"),
        (saved(ARRAY.reshape(3, 1, 8)), "an array of 3 × 1 × 8, int64"),
        (saved(ARRAY.ravel()), "an array of 24, int64"),
        (saved(ARRAY.astype(str)), "an array of 3 × 8, text"),
        (saved(np.array(THREE, dtype="S8")), "an array of 3, text"),
        (archived(sequence=ARRAY, other=ARRAY[::-1]), "the array “sequence”, of 3 × 8, int64"),
        (archived(loss=np.zeros(5), found=ARRAY), "the array “found”, of 3 × 8, int64"),
        (archived(arr_0=ARRAY), "the array “arr_0”, of 3 × 8, int64"),
    ],
)
def test_arrays_of_numpy_are_read_whatever_the_file_is_called(data: bytes, form: str) -> None:
    for name in ("array.npy", "array.npz", "array.txt"):
        if data.startswith(b"PK") == (name == "array.npy"):
            continue
        found = read_file(name, data)
        assert (found.rows, found.form) == (THREE, form)


def test_what_is_not_bits_is_text_and_that_is_said() -> None:
    found = read_file("hello.txt", "é!".encode())
    assert found.rows == ["11000011", "10101001", "00100001"]
    assert found.sentence == "Read 3 vectors from hello.txt: text, 3 bytes, each a vector."
    assert read_file("mark.txt", b"\xef\xbb\xbfA").rows == ["01000001"]
    assert read_file("wide.txt", "Hi".encode("utf-16")).rows == ["01001000", "01101001"]


@pytest.mark.parametrize("name", ["a.csv", "a.json", "a.tsv", "a.npy", "a.png"])
def test_words_are_never_taken_for_a_sequence_where_none_were_expected(name: str) -> None:
    with pytest.raises(Problem, match=name):
        read_file(name, b"Hello")


def test_how_a_file_was_read_is_said_with_its_name() -> None:
    found = read_file("mine.csv", b",a,b,c,d,e,f,g,h\n1,1,0,1,1,0,0,1,1\n")
    assert found.sentence == (
        "Read 1 vector from mine.csv: a table separated by commas, without its heading and index column."
    )


def test_an_upload_is_a_data_url() -> None:
    url = "data:text/plain;base64," + base64.b64encode(b"101").decode()
    assert read_upload({"name": "a.txt", "size": 1, "contents": url, "turn": 1}, 3).rows == ["101"]


def test_what_is_too_large_to_be_handed_over_is_said() -> None:
    with pytest.raises(Problem, match=r"^film\.npy has 7,000,000 bytes"):
        read_upload({"name": "film.npy", "size": 7_000_000, "contents": None, "turn": 1})


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sequence.npy", b"\0" * 30_000_000)
    return out.getvalue()


def spreadsheet() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    return out.getvalue()


def torch_file() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("archive/data.pkl", b"")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("song.mp3", b"ID3\x04\0\0", r"ends in \.txt, \.csv, \.tsv, \.json, \.npy, \.npz\."),
        ("long.txt", b"0" * (MAX_BYTES + 1), "1,000,001 bytes"),
        ("latin.txt", "é".encode("latin-1"), "byte 1 is not valid UTF-8"),
        ("empty.txt", b"", "the file is empty"),
        ("nine.txt", b"101100110", "has 9 bits"),
        ("cell.csv", b"1" * 200_001, "has 200,001 bits"),
        ("cells.csv", b'"' + b"x" * 200_000, "line 1 has a cell of far more characters"),
        ("cube.npy", saved(np.zeros((2, 8, 2))), r"it has \(2, 8, 2\)"),
        ("turned.npy", saved(np.zeros((8, 3))), r"it has \(8, 3\)\. Transpose it\.$"),
        ("seven.npy", saved(np.zeros((2, 7))), r"it has \(2, 7\)"),
        ("empty.npy", saved(np.zeros((0, 8))), r"the array is empty: its shape is \(0, 8\)"),
        ("complex.npy", saved(ARRAY.astype(complex)), "the array holds complex numbers; a bit is 0 or 1"),
        ("dates.npy", saved(np.zeros((1, 8), "M8[D]")), "the array holds dates"),
        ("fields.npy", saved(np.zeros(8, [("a", int)])), "the array holds records with fields"),
        ("objects.npy", saved(np.full((1, 8), None)), "Python objects, which need pickle"),
        ("words.npy", saved(["10110011", "x"]), "vector 2, character 1 is “x”"),
        ("nan.npy", saved(np.full((1, 8), np.nan)), "bit 1 of vector 1 is “nan”"),
        ("two.npy", saved(ARRAY * 2), "bit 1 of vector 1 is “2”"),
        ("half.npy", saved(np.zeros((1, 8)))[:90], "without pickle"),
        ("sum.npy", npy_of("{'descr': '|u1', 'fortran_order': False, 'shape': (10**0, 8)}"), "without pickle"),
        ("vast.npy", npy_of("{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999, 8)}"), "more numbers"),
        ("room.npy", npy_of("{'descr': '<f8', 'fortran_order': False, 'shape': (200000000, 8)}"), "more numbers"),
        ("thin.npy", npy_of("{'descr': '|u1', 'fortran_order': False, 'shape': (99999999999999, 0)}"), "is empty"),
        ("open.npy", npy_of("{'descr': ("), "without pickle"),
        ("parens.npy", npy_of("(" * 9_000), "without pickle"),
        ("cut.npz", archived(a=ARRAY)[:-40], "not a whole .npz file"),
        ("bomb.npz", bomb(), "takes 30,000,000 bytes, far more than a sequence"),
        ("several.npz", archived(a=ARRAY, b=ARRAY), r"no single array of shape \(L, 8\) \(a, b\)"),
        ("book.xlsx", spreadsheet(), "it is an Excel workbook; save the sheet as CSV"),
        ("book.npz", spreadsheet(), "it is an Excel workbook"),
        ("none.npz", archived(), "an archive without an array of NumPy"),
        ("picture.png", b"\x89PNG\r\n\x1a\n\0\0", "it is a picture"),
        ("bits.csv.gz", gzip.compress(b"1,0,1,1,0,0,1,1", mtime=0), "it is compressed with gzip; unpack it first"),
        ("old.mat", b"MATLAB 5.0 MAT-file, Platform: GLNXA64".ljust(128) + b"\0" * 64, "it is a MAT-file of MATLAB"),
        ("new.h5", b"\x89HDF\r\n\x1a\n" + b"\0" * 64, "it is an HDF5 file"),
        ("list.txt", pickle.dumps(THREE), "it is a pickle of Python, which is not opened"),
        ("model.pt", torch_file(), "it is a file of PyTorch, which needs pickle"),
        ("zeros.txt", b"\0" * 16, "the file is empty"),
        ("marks.txt", b"\xef\xbb\xbf", "the file is empty"),
        ("raw.txt", b"10110011\x00x", r"character 9 is U\+0000; save it as UTF-8 text"),
        ("negative.npy", saved(ARRAY * 2 - 1), "bit 2 of vector 1 is “-1”"),
        ("text.npy", b"1 0 1 1", "without pickle"),
    ],
)
def test_what_is_no_sequence_is_said_with_the_files_name(name: str, data: bytes, says: str) -> None:
    with pytest.raises(Problem, match=says) as refused:
        read_file(name, data)
    assert str(refused.value).startswith(name)
    assert "Traceback" not in str(refused.value)


@given(st.binary(max_size=300), st.sampled_from([b"", b"\x93NUMPY\x01\x00", b"PK\x03\x04", b"\xff\xfe"]))
def test_bytes_of_any_kind_are_read_or_refused_in_one_sentence(data: bytes, start: bytes) -> None:
    for name in ("a.txt", "a.npz", "a.json"):
        try:
            assert read_file(name, start + data).rows
        except Problem as problem:
            said = str(problem)
            assert said.startswith("a."), said
