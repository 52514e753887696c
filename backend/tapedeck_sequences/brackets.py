"""Lists in brackets, as JSON, Python, NumPy, torch, MATLAB, C and others write them, with the line of everything.

One tolerant reader for all of them: what is between the brackets counts, not whose grammar it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tapedeck_sequences.problem import Problem, quoted

TOKEN = re.compile(
    r"""(?P<space>[ \t]+)|(?P<line>\n)|(?P<word>\d+'[sS]?[bBhH][0-9a-fA-F_]+"""
    r"""|0[bBxX][0-9a-fA-F_']*[0-9a-fA-F](?:_?[iu]\d+)?)"""
    r"""|(?P<string>[bBxXuU]?"(?:\\.|[^"\\\n])*"|[bBxXuU]?'(?:\\.|[^'\\\n])*')|(?P<open>[\[({])|(?P<close>[\])}])"""
    r"""|(?P<scope>::)|(?P<sign>[,;:=])|(?P<other>[^\s\[\](){},;:="']+|.)"""
)
CLOSES = {"[": "]", "(": ")", "{": "}"}
MAX_DEPTH = 32
ASIDE = {
    "dtype",
    "shape",
    "size",
    "device",
    "requires_grad",
    "grad_fn",
    "layout",
    "order",
    "index",
    "columns",
    "name",
} | {
    *("class", "row.names", "names", "dimnames", "fill_value", "mask", "maxlen"),
}
"""Arguments of a printed array that are not its numbers."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A word, or a string without its quotation marks."""

    text: str
    line: int
    is_string: bool = False


@dataclass(slots=True)
class Group:
    """What stands between two brackets, or in the whole text.

    Attributes:
        items: in order; those that have a name are in `named` alone.
        named: by the names that stand before : or =.
        rows: how many items there were at each semicolon, by which MATLAB ends a row.
        call: it has the arguments of something, such as array(…).
    """

    opened: str
    line: int
    items: list[Leaf | Group] = field(default_factory=list)
    named: dict[str, Leaf | Group] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)
    call: bool = False

    @property
    def is_empty(self) -> bool:
        """Nothing stands in it."""
        return not self.items and not self.named


Node = Leaf | Group


def parse(text: str) -> Group:
    """The whole text as a group without brackets.

    Raises:
        Problem: a bracket that is not closed or closes nothing, lists in lists without end, or “...” in a list.
    """
    stack = [_Open(Group("", 1))]
    for kind, found, line, touching in _tokens(text):
        top = stack[-1]
        if kind == "open":
            if len(stack) > MAX_DEPTH:
                raise Problem(f"Line {line:,} has lists nested too deeply; a sequence is a list of lists of bits.")
            stack.append(top.open(found, line, touching=touching))
        elif kind == "close":
            if CLOSES.get(top.group.opened) != found:
                raise Problem(f"Line {line:,} has {quoted(found)}, which closes nothing; the list is incomplete.")
            top.settle()
            stack.pop()
            stack[-1].close(top)
        elif kind == "sign":
            top.sign(found)
        elif kind == "scope":
            top.leaf = None  # std::bitset
        else:
            top.settle()
            if found == "...":
                raise Problem(f"Line {line:,} has “...” in place of numbers; print or save all of them.")
            top.leaf = Leaf(found, line, kind == "string")
    if len(stack) > 1:
        group = stack[-1].group
        raise Problem(f"The {quoted(group.opened)} in line {group.line:,} is not closed; the list is incomplete.")
    stack[0].settle()
    return stack[0].group


@dataclass(slots=True)
class _Open:
    """A group that is being read: what came last in it may yet turn out to be a name, and waits."""

    group: Group
    is_subscript: bool = False
    leaf: Leaf | None = None
    name: str | None = None
    after_subscript: bool = False

    def open(self, bracket: str, line: int, *, touching: bool) -> _Open:
        """A group in this one. What touches a name is its arguments, or its subscript, which is not kept: x[3][8]."""
        named = touching and self.leaf is not None
        subscript = bracket == "[" and ((named and not self.leaf.is_string) or self.after_subscript)  # type: ignore[union-attr]
        inner = Group(bracket, line, call=bracket == "(" and named)
        if subscript:
            return _Open(inner, is_subscript=True)
        if inner.call:
            self.leaf = None  # array, tensor
        self.settle()
        self._add(inner)
        return _Open(inner)

    def close(self, inner: _Open) -> None:
        """A group in this one is whole. A subscript of several items is the list of a type: Bool[1, 0]."""
        group = inner.group
        self.after_subscript = inner.is_subscript and not (len(group.items) > 1 or group.rows)
        if inner.is_subscript and not self.after_subscript:
            self.leaf = None
            self._add(group)
        elif group.call and len(group.items) == 1 and isinstance(group.items[0], Leaf) and not group.named:
            found = [*self.group.items, *self.group.named.values()]
            if found and found[-1] is group:  # np.int64(1)
                self._replace(group, group.items[0])

    def _replace(self, group: Group, leaf: Leaf) -> None:
        if self.group.items and self.group.items[-1] is group:
            self.group.items[-1] = leaf
        else:
            self.group.named[next(reversed(self.group.named))] = leaf

    def sign(self, found: str) -> None:
        if found in ":=" and self.leaf is not None:
            self.name, self.leaf = self.leaf.text, None
            return
        self.settle()
        if found == ";" and self.group.opened == "[":
            self.group.rows.append(len(self.group.items))

    def settle(self) -> None:
        """What waited is not a name."""
        self.after_subscript = False
        if self.leaf is not None:
            leaf, self.leaf = self.leaf, None
            self._add(leaf)

    def _add(self, node: Node) -> None:
        name, self.name = self.name, None
        if name is None:
            self.group.items.append(node)
        elif name not in ASIDE or not (self.group.call or self.group.opened == ""):
            self._name(name, node)

    def _name(self, name: str, node: Node) -> None:
        """The node under a name. What has the name of another in a text of several assignments stands beside it."""
        before = self.group.named.get(name)
        if before is None:
            self.group.named[name] = node
        elif self.group.opened != "":
            raise Problem(f"Line {node.line:,} has the name {quoted(name)} for the second time; give each one its own.")
        elif isinstance(before, Group) and before.opened == "several":
            before.items.append(node)
        else:
            self.group.named[name] = Group("several", before.line, [before, node])


def _tokens(text: str) -> Iterator[tuple[str, str, int, bool]]:
    """The kind, the text and the line of each token, and whether it touches a name or a bracket before it."""
    line, touching = 1, False
    for match in TOKEN.finditer(text):
        kind, found = str(match.lastgroup), match[0]
        if kind == "line":
            line += 1
        if kind not in ("space", "line"):
            yield ("string", _unquoted(found), line, touching) if kind == "string" else (kind, found, line, touching)
        touching = (kind == "other" and (found[-1].isalnum() or found[-1] in "_>")) or found == "]"


def _unquoted(string: str) -> str:
    if string[0] not in "\"'":
        return string  # b"10110011", x"b3"
    inner = string[1:-1]
    if "\\" in inner and string[0] == '"':
        try:
            return str(json.loads(string)).strip()
        except ValueError:
            return inner  # \xb3, which JSON does not have
    return inner.strip()
