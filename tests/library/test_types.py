"""What a type checker sees of the package from outside: `py.typed`, names that are imported when they are used."""

from __future__ import annotations

from pathlib import Path

from mypy import api

SCRIPT = """\
import tapedeck as td

machine = td.load("copy-1")
reveal_type(machine)
run = machine.run("Hello", locations=64)
reveal_type(run["write.weighting"])
reveal_type(run.memory)
reveal_type(run.provenance(9).sentences)
reveal_type(td.evaluate([machine]).rows())
reveal_type(td.train("copy", seed=2))
td.load("copy-1", folder=7)
td.laod("copy-1")
machine.run("Hello", location=64)
"""

CONFIG = """\
[mypy]
strict = True
[mypy-torch.*,jaxtyping.*,safetensors.*,pydantic.*,plotly.*,pandas.*,filelock.*,tapedeck.viewing,tapedeck.figures.*]
follow_imports = skip
"""
"""Most of what the script needs nothing of is not looked at: reading torch alone takes half a minute."""

TOLD = [
    'Revealed type is "tapedeck.library.machine.Machine"',
    'Revealed type is "numpy.ndarray[tuple[Any, ...], numpy.dtype[numpy.floating[numpy._typing._nbit_base._32Bit]]]"',
    'Revealed type is "numpy.ndarray[tuple[Any, ...], numpy.dtype[numpy.floating[numpy._typing._nbit_base._32Bit]]]"',
    'Revealed type is "list[str]"',
    'Revealed type is "typing.Iterator[dict[str, Any]]"',
    'Revealed type is "tapedeck.library.machine.Machine"',
    'Argument "folder" to "load" has incompatible type "int"',
    'Module has no attribute "laod"',
    'Unexpected keyword argument "location" for "run" of "Machine"',
]


def test_a_type_checker_sees_the_types_from_outside(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    config = tmp_path / "mypy.ini"
    config.write_text(CONFIG)
    cache = f"--cache-dir={tmp_path / 'cache'}"
    said, failed, _ = api.run([f"--config-file={config}", cache, "--no-error-summary", str(script)])
    lines = [line.partition("script.py:")[2] for line in said.splitlines() if " defined in " not in line]
    assert failed == "", failed
    assert len(lines) == len(TOLD), said
    assert [line for line, told in zip(lines, TOLD, strict=True) if told not in line] == []
