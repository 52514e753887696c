"""What makes the kernels fast, and shows in what the compiler made of them: many numbers to an instruction."""

from __future__ import annotations

import importlib
import re
from typing import Any

import numba
import pytest


@pytest.mark.usefixtures("kernels")
def test_loops_that_divide_take_many_numbers_at_once() -> None:
    """A loop that must look whether a divisor is 0, or which calls a function that is not inlined, cannot."""
    kernels: Any = importlib.import_module("tapedeck.compiled.kernels")
    floats, one, code = numba.float32[::1], numba.float32, numba.int64
    for function, takes in ((kernels._sharpen, (floats, one, one, floats)), (kernels._activate, (code, floats))):
        function.compile(takes)
        assert re.search(r"fdiv( \w+)* <\d+ x double>", function.inspect_llvm(takes)), function.__name__
