"""Browser modules as one script: a page of one file has nowhere to import from.

Each module becomes a function that is called once, after those that it imports from, so that no two names can clash:

    const module3 = (() => { …; return { named }; })();

Only what the viewer's modules use of the language's imports and exports is understood; anything else is an error.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from tapedeck_viewer import FOLDER

VIEWER = "#viewer/"
"""How modules outside of it name the viewer's folder."""

_IMPORT = re.compile(
    r"^import (?:(?P<whole>\w+)|\{(?P<names>[^}]*)\}|\* as (?P<all>\w+)) from "
    r"\"(?P<path>[^\"]+)\"(?: with \{[^}]*\})?;\n",
    re.MULTILINE,
)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:class|const|function)\b)", re.MULTILINE)
_EXPORTED = re.compile(r"^export (?:async )?(?:class|const|function)\*? (\w+)", re.MULTILINE)
_RENAMED = re.compile(r"(\w+) as (\w+)")
_OTHER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*(?:/\*\*.*?\*/|//[^\n]*)\n", re.MULTILINE | re.DOTALL)
_TYPE = re.compile(r"/\*\*(?:(?!\*/).)*?@(?:type|param|returns)(?:(?!\*/).)*?\*/ ?")


def bundle(entry: Path, viewer: Path = FOLDER) -> str:
    """The script of a module and all that it imports, directly or not.

    Raises:
        ValueError: a module imports in a circle, or says something that is not understood.
    """
    return "".join(_Bundle(viewer).add(entry.resolve(), ()))


class _Bundle:
    """What stands in the script so far."""

    def __init__(self, viewer: Path) -> None:
        self._viewer = viewer
        self._names: dict[Path, str] = {}

    def add(self, path: Path, importing: tuple[Path, ...]) -> Iterator[str]:
        """A module, after what it imports from."""
        if path in importing:
            raise ValueError(f"{path.name} imports itself, through {' and '.join(each.name for each in importing)}.")
        if path in self._names:
            return
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".json":
            data = json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
            yield f"const {self._name(path)} = {data};\n"
            return
        text = _COMMENT.sub("", text)
        for found in _IMPORT.finditer(text):
            yield from self.add(self._where(found["path"], path), (*importing, path))
        text = _IMPORT.sub(lambda found: self._taken(found, path), text)
        body = _TYPE.sub("", _EXPORT.sub("", text))
        if other := _OTHER.search(body):
            raise ValueError(f"{path.name} has a line that cannot stand in one script: {other[0]}")
        exported = ", ".join(_EXPORTED.findall(text))
        yield f"const {self._name(path)} = (() => {{\n{body}return {{ {exported} }};\n}})();\n"

    def _name(self, path: Path) -> str:
        return self._names.setdefault(path, f"module{len(self._names)}")

    def _where(self, named: str, by: Path) -> Path:
        folder = self._viewer if named.startswith(VIEWER) else by.parent
        return (folder / named.removeprefix(VIEWER)).resolve()

    def _taken(self, found: re.Match[str], by: Path) -> str:
        """What stands in the place of an import."""
        module = self._names[self._where(found["path"], by)]
        if names := found["names"]:
            taken = _RENAMED.sub(r"\1: \2", names.strip().rstrip(","))
            return f"const {{ {taken} }} = {module};\n"
        return f"const {found['whole'] or found['all']} = {module};\n"
