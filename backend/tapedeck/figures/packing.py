"""Pixels as a PNG file (ISO 15948), some rows at a time: no library gives it in parts."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]

PIXELS_AT_ONCE = 250_000
"""That are packed in a piece: some 10 ms."""


def packed(pixels: Pixels, dpi: int, metadata: Mapping[str, str]) -> Iterator[bytes]:
    """The file of true colours [height, width, 3], with its resolution and metadata; each row stands after a byte 0."""
    height, width, _ = pixels.shape
    per_metre = round(dpi / 0.0254)
    yield b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    yield _chunk(b"pHYs", struct.pack(">IIB", per_metre, per_metre, 1))
    for name, value in metadata.items():
        yield _chunk(b"iTXt", name.encode("latin-1") + b"\0\0\0\0\0" + value.encode())
    packer = zlib.compressobj()
    rows = max(1, PIXELS_AT_ONCE // width)
    for start in range(0, height, rows):
        part = pixels[start : start + rows].reshape(-1, 3 * width)
        if packed := packer.compress(np.pad(part, ((0, 0), (1, 0))).tobytes()):
            yield _chunk(b"IDAT", packed)
        else:
            yield b""
    yield _chunk(b"IDAT", packer.flush()) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
