"""Event loops of tests: a browser of other tests may have one that runs in the thread of all tests."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def run_apart(work: Coroutine[Any, Any, T]) -> T:
    """As asyncio.run, in a thread of its own."""
    with ThreadPoolExecutor(1) as aside:
        return aside.submit(asyncio.run, work).result()
