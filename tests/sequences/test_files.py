"""Files that hold a sequence, and files that do not."""

from __future__ import annotations

import base64
import io
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapedeck_sequences import MAX_BYTES, Problem, rows_of_file, rows_of_upload


def npy_of(header: str) -> bytes:
    """A file in which nothing follows the header."""
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode()


ROWS = st.lists(st.text("01", min_size=8, max_size=8), min_size=1, max_size=40)


def saved(array: object) -> bytes:
    out = io.BytesIO()
    np.save(out, np.asarray(array), allow_pickle=True)
    return out.getvalue()


@given(ROWS)
def test_a_sequence_comes_back_from_every_form(rows: list[str]) -> None:
    vectors = [[int(bit) for bit in row] for row in rows]
    lines = [",".join(row) for row in rows]
    files = {
        "bits.txt": "\n".join(rows).encode(),
        "cells.csv": "\r\n".join(lines).encode(),
        "heading.CSV": "\n".join(["a,b,c,d,e,f,g,h", *lines, ""]).encode(),
        "whole.csv": "\n".join(rows).encode(),
        "list.json": json.dumps(vectors).encode(),
        "words.json": json.dumps(rows).encode(),
        "request.json": json.dumps({"checkpoint": "copy-1", "sequence": vectors}).encode(),
        "ints.npy": saved(vectors),
        "bools.npy": saved(np.array(vectors, dtype=bool)),
        "floats.npy": saved(np.array(vectors, dtype=np.float32)),
    }
    assert {name: rows_of_file(name, data) for name, data in files.items()} == dict.fromkeys(files, rows)


def test_what_is_not_bits_is_text() -> None:
    assert rows_of_file("hello.txt", "é!".encode()) == ["11000011", "10101001", "00100001"]
    assert rows_of_file("mark.txt", b"\xef\xbb\xbfA") == ["01000001"]


def test_an_upload_is_a_data_url() -> None:
    url = "data:text/plain;base64," + base64.b64encode(b"A").decode()
    assert rows_of_upload({"name": "a.txt", "size": 1, "contents": url, "turn": 1}) == ["01000001"]


def test_what_is_too_large_to_be_handed_over_is_said() -> None:
    with pytest.raises(Problem, match=r"^film\.npy has 7,000,000 bytes"):
        rows_of_upload({"name": "film.npy", "size": 7_000_000, "contents": None, "turn": 1})


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("picture.png", b"", r"ends in \.txt, \.csv, \.json, \.npy"),
        ("long.txt", b"0" * (MAX_BYTES + 1), "1,000,001 bytes"),
        ("latin.txt", "é".encode("latin-1"), "byte 1 is not valid UTF-8"),
        ("empty.txt", b"", "Nothing to run yet"),
        ("nine.txt", b"101100110", "has 9 bits"),
        ("seven.csv", b"1,0,1,1,0,0,1\n", "vector 1 has 7 bits"),
        ("two.csv", b"1,0,1,1,0,0,1,1\n1,0,2,1,0,0,1,1", r"bit 3 of vector 2 is 2\.0"),
        ("words.csv", b"1,0,1,1,0,0,1,x", "bit 8 of vector 1 is 'x'"),
        ("heading.csv", b"a,b", "there is no vector"),
        ("cut.json", b"[[1,", "this is no JSON"),
        ("none.json", b"[]", "there is no vector"),
        ("object.json", b'{"rows": []}', "no “sequence”"),
        ("number.json", b"7", "must be a list of vectors"),
        ("flat.json", b"[1, 0]", "vector 1 is 1"),
        ("nested.json", b"[[[1],0,0,0,0,0,0,0]]", r"bit 1 of vector 1 is \[1\]"),
        ("cube.npy", saved(np.zeros((2, 8, 1))), r"has \(2, 8, 1\)"),
        ("words.npy", saved(np.full((1, 8), "1")), "must be of numbers"),
        ("objects.npy", saved(np.full((1, 8), None)), "without pickle"),
        ("half.npy", saved(np.zeros((1, 8)))[:90], "without pickle"),
        ("many.npy", b"PK\x05\x06" + b"\0" * 18, "several arrays"),
        ("deep.json", b"[" * 100_000, "nested too deeply"),
        ("cell.csv", b"1" * 200_000, "this is no CSV: field larger than field limit"),
        ("sum.npy", npy_of("{'descr': '|u1', 'fortran_order': False, 'shape': (10**0, 8)}"), "without pickle"),
        ("vast.npy", npy_of("{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999, 8)}"), "more numbers"),
        ("room.npy", npy_of("{'descr': '<f8', 'fortran_order': False, 'shape': (200000000, 8)}"), "more numbers"),
        ("thin.npy", npy_of("{'descr': '|u1', 'fortran_order': False, 'shape': (99999999999999, 0)}"), "more numbers"),
        ("open.npy", npy_of("{'descr': ("), "without pickle"),
        ("parens.npy", npy_of("(" * 9_000), "without pickle"),
        ("seven.npy", saved(np.zeros((2, 7))), r"has \(2, 7\)"),
        ("nan.npy", saved(np.full((1, 8), np.nan)), "bit 1 of vector 1 is nan"),
    ],
)
def test_what_is_no_sequence_is_said_with_the_files_name(name: str, data: bytes, says: str) -> None:
    with pytest.raises(Problem, match=says) as refused:
        rows_of_file(name, data)
    assert str(refused.value).startswith(name)
