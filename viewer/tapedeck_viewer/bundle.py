"""Browser modules as one script: for a page of one file, which has nowhere to import from, and for a page that would
ask for a hundred and thirty of them, each of which costs a browser some two milliseconds.

Each module becomes a function that is called once, after those that it imports from, so that no two names can clash:

    const module3 = (() => { …; return { named }; })();

Only what the viewer's modules use of the language's imports and exports is understood; anything else is an error.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from tapedeck_viewer import FOLDER

VIEWER = "#viewer/"
"""How modules outside of it name the viewer's folder."""

_IMPORT = re.compile(
    r"^import (?:(?P<whole>\w+)|\{(?P<names>[^}]*)\}|\* as (?P<all>\w+)) from "
    r"\"(?P<path>[^\"]+)\"(?: with \{[^}]*\})?;\n",
    re.MULTILINE,
)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:class|const|function)\*? \w)", re.MULTILINE)
_EXPORTED = re.compile(r"^export (?:async )?(?:class|const|function)\*? (\w+)", re.MULTILINE)
_LISTED = re.compile(r"^export \{ (?P<names>[\w, ]+) \};\n", re.MULTILINE)
_ADDRESS = re.compile(r"new URL\(\"(?P<path>[^\"]+)\", import\.meta\.url\)")
_RENAMED = re.compile(r"(\w+) as (\w+)")
_OTHER = re.compile(r"^(?:(?:import|export)\b|.*\bimport\.meta\b).*", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*(?:/\*(?:(?!\*/).)*\*/|//[^\n]*)\n", re.MULTILINE | re.DOTALL)
_INDENT = re.compile(r"^[ \t]+|^\n", re.MULTILINE)
_TYPE = re.compile(r"/\*\*(?:(?!\*/).)*?@(?:type|param|returns)(?:(?!\*/).)*?\*/ ?")


def bundle(entry: Path, viewer: Path = FOLDER) -> str:
    """The script of a module and all that it imports, directly or not.

    Raises:
        ValueError: a module imports in a circle, or says something that is not understood.
    """
    return "".join(_Bundle(viewer, None).add(entry.resolve(), ()))


def bundled_module(entry: Path, address: Callable[[Path], str], viewer: Path = FOLDER) -> str:
    """The same as a module, which exports what the entry does.

    Args:
        entry: the module.
        address: of what a module names by its own address, a file or a folder, as seen from where the bundle is served.
        viewer: the viewer's folder.

    Raises:
        ValueError: as above.
    """
    bundled = _Bundle(viewer, address)
    text = "".join(bundled.add(entry.resolve(), ()))
    exported = ", ".join(_exported(entry.read_text(encoding="utf-8")))
    return f"{text}export const {{ {exported} }} = {bundled.name(entry.resolve())};\n"


def _exported(text: str) -> list[str]:
    listed = (name for found in _LISTED.finditer(text) for name in found["names"].split(", "))
    return [*_EXPORTED.findall(text), *listed]


class _Bundle:
    """What stands in the script so far."""

    def __init__(self, viewer: Path, address: Callable[[Path], str] | None) -> None:
        self._viewer, self._address = viewer, address
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
            yield f"const {self.name(path)} = {data};\n"
            return
        text = _COMMENT.sub("", text)
        if all(line.count("`") % 2 == 0 for line in text.splitlines()):  # else a text over several lines may be in it
            text = _INDENT.sub("", text)
        for found in _IMPORT.finditer(text):
            yield from self.add(self._where(found["path"], path), (*importing, path))
        text = _IMPORT.sub(lambda found: self._taken(found, path), text)
        body = _TYPE.sub("", _LISTED.sub("", _EXPORT.sub("", text)))
        if other := _OTHER.search(_ADDRESS.sub("", body) if self._address else body):
            raise ValueError(f"{path.name} has a line that cannot stand in one script: {other[0].strip()}")
        body = _ADDRESS.sub(lambda found: self._moved(found, path), body)
        yield f"const {self.name(path)} = (() => {{\n{body}return {{ {', '.join(_exported(text))} }};\n}})();\n"

    def name(self, path: Path) -> str:
        """Of a module, in the script."""
        return self._names.setdefault(path, f"module{len(self._names)}")

    def _moved(self, found: re.Match[str], by: Path) -> str:
        """What stands in the place of an address that a module knows by its own."""
        assert self._address is not None  # noqa: S101 - looked at above
        return f"new URL({json.dumps(self._address((by.parent / found['path']).resolve()))}, import.meta.url)"

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
