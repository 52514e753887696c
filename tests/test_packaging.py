"""What is installed: every direct dependency pinned, and everything locked in a form that any machine can use."""

from __future__ import annotations

import json
import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest

from backend import __version__

ROOT = Path(__file__).parents[1]
PIN = re.compile(r"(?P<name>[A-Za-z0-9._-]+)==(?P<version>[0-9][A-Za-z0-9.]*)")
GPU_ONLY = ("nvidia", "triton", "cuda")


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(lines: list[str]) -> dict[str, str]:
    """Name and exact version of each; a range, a local version, a URL or an option fails."""
    found = {}
    for line in lines:
        pin = PIN.fullmatch(line)
        assert pin is not None, f"not name==version: {line}"
        found[normal(pin["name"])] = pin["version"]
    return found


@pytest.fixture(scope="module")
def locked() -> dict[str, str]:
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    return pins([line for line in lines if not line.startswith("#")])


def direct() -> dict[str, str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return pins([*project["dependencies"], *chain.from_iterable(project["optional-dependencies"].values())])


def test_every_direct_dependency_is_locked_at_its_own_version(locked: dict[str, str]) -> None:
    assert direct().items() <= locked.items()
    assert locked["torch"] == "2.13.0"


def test_nothing_is_locked_that_only_some_machines_have(locked: dict[str, str]) -> None:
    assert not [name for name in locked if name.startswith(GPU_ONLY)]


def test_the_images_page_is_without_torch() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    page = pins([*project["dependencies"], *project["optional-dependencies"]["frontend"]])
    assert not page.keys() & {"torch", "safetensors", "jaxtyping"}


def test_npm_packages_are_locked_by_hash_and_from_no_host() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for name, package in packages.items():
        if name:
            assert package["integrity"].startswith("sha512-"), name
            assert "resolved" not in package, name
    declared = json.loads((ROOT / "package.json").read_text())["devDependencies"]
    assert {name: packages[f"node_modules/{name}"]["version"] for name in declared} == declared


def test_the_version_is_one_that_a_package_can_have() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", __version__)
