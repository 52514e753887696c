"""The kernels, compiled once and kept for every process of the tests."""

from __future__ import annotations

import pytest

from tapedeck.compiled.loading import KERNELS
from tapedeck.compiled.settings import ENGINE


@pytest.fixture(scope="session")
def kernels() -> None:
    """Ready to be called."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ENGINE, "compiled")
        assert KERNELS.load(), KERNELS.problem


@pytest.fixture
def chosen(kernels: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The compiled engine computes every run that is prepared, where it fits the machine."""
    monkeypatch.setenv(ENGINE, "compiled")
