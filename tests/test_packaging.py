"""What is installed: every direct dependency pinned, and everything locked in a form that any machine can use."""

from __future__ import annotations

import json
import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tapedeck import __version__

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


def requirements(*extras: str) -> list[Requirement]:
    """What the distribution itself asks for, and what these extras of it do."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = [*project["dependencies"], *chain.from_iterable(project["optional-dependencies"][name] for name in extras)]
    return [Requirement(line) for line in lines]


def test_the_lock_holds_every_direct_dependency_within_its_range(locked: dict[str, str]) -> None:
    asked = requirements("page", "figures", "compiled", "cluster", "dev")
    assert not [str(each) for each in asked if not each.specifier.contains(locked[normal(each.name)])]
    assert locked["torch"] == "2.13.0"


def test_a_library_asks_for_ranges_and_its_tests_for_exact_versions() -> None:
    exact = [
        each.name for each in requirements("page", "figures", "compiled", "cluster") if "==" in str(each.specifier)
    ]
    loose = [each.name for each in requirements("dev")[len(requirements()) :] if "==" not in str(each.specifier)]
    assert (exact, loose) == ([], [])


def test_nothing_is_locked_that_only_some_machines_have(locked: dict[str, str]) -> None:
    assert not [name for name in locked if name.startswith(GPU_ONLY)]


def test_the_images_page_is_without_torch() -> None:
    page = {normal(each.name) for each in requirements("page")[len(requirements()) :]}
    assert page
    assert not page & {"torch", "safetensors", "jaxtyping"}


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


def test_every_package_is_installed_and_checked() -> None:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    build = tools["hatch"]["build"]
    packages = {path.parent for folder in build["dev-mode-dirs"] for path in (ROOT / folder).glob("*/__init__.py")}
    wheel = build["targets"]["wheel"]
    assert {str(path.relative_to(ROOT)) for path in packages} <= set(wheel["only-include"]) & set(wheel["sources"])
    assert {path.name for path in packages} <= set(tools["mypy"]["packages"])
    images = [(ROOT / folder / "Dockerfile").read_text() for folder in ("backend", "frontend")]
    assert all("COPY viewer viewer" in image for image in images)
