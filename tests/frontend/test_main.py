"""The page on a server of its own, as it is started."""

from __future__ import annotations

import subprocess
import sys


def test_the_page_without_its_extra_says_so_in_one_sentence() -> None:
    started = """
import runpy, sys
sys.modules["dash"] = sys.modules["dash_mantine_components"] = None
sys.argv = ["tapedeck_page"]
runpy.run_module("tapedeck_page", run_name="__main__")
"""
    done = subprocess.run([sys.executable, "-c", started], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: The page needs dash")
    assert done.stderr.endswith("pip install 'tapedeck[page]'\n")
    assert len(done.stderr.splitlines()) == 1
