"""For all tests: the shapes in the types are checked at run time, and Hypothesis runs the same examples every time."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from jaxtyping import install_import_hook

# What torch and Hypothesis leave in memory is a million objects: looking through them after every 700 new ones takes a
# tenth of the time.
gc.set_threshold(20_000, 20, 20)

# Before the first import of the packages: what is imported already stays unchecked. Not tapedeck.ntm.config and
# tapedeck.ntm.specification, which check their own types and are tested for it; nor tapedeck.ntm.state, whose tuples
# are made while Hypothesis draws: of a tuple one element is checked, drawn at random, which it forbids there.
CHECKED = [f"tapedeck.ntm.{module}" for module in ("addressing", "controllers", "heads", "linear", "machine", "memory")]
install_import_hook([*CHECKED, "tapedeck.tasks", "tapedeck.tracing"], "beartype.beartype")

import torch  # noqa: E402  (after the hook)

# What is compared bit for bit is compared with the definition. Tests of the compiled engine say that they want it.
os.environ["TAPEDECK_ENGINE"] = "torch"
os.environ["TAPEDECK_ENGINE_CACHE"] = str(Path(__file__).parents[1] / "build/engine")  # compiled once for all processes

torch.set_num_threads(1)

settings.register_profile("repeatable", deadline=None, derandomize=True, max_examples=50)
settings.register_profile("explore", deadline=None, max_examples=1000)
settings.load_profile("repeatable")


@pytest.fixture(scope="session", autouse=True)
def _runs_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No service under test sees what was trained on this machine, nor leaves anything there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TAPEDECK_RUNS", str(tmp_path_factory.mktemp("trained") / "runs"))
        yield
