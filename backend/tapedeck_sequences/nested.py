"""From lists in lists to vectors: a list of vectors, each a list or a word; or the one under a name."""

from __future__ import annotations

from tapedeck_sequences import words
from tapedeck_sequences.brackets import Group, Leaf, Node
from tapedeck_sequences.problem import Problem, counted, quoted


def rows_of_lists(whole: Group, bits: int) -> tuple[list[str], str]:
    """The vectors in a text of lists, and how they were found.

    Raises:
        Problem: there are none, or a bit is not what it must be; names the line.
    """
    lists = [item for item in (*whole.items, *whole.named.values()) if isinstance(item, Group) and not item.is_empty]
    node: Node = whole
    if len(lists) == 1:  # what stands beside it is a name, or a type
        node = lists[0]
    elif len(lists) > 1 and not whole.named:  # a list a line, or an object
        node = Group("[", 1, [*lists])
    found = _Reader(bits)
    rows = found.rows(node)
    if not rows:
        raise Problem("There is no vector in it.")
    return rows, "a list" if found.name is None else f"the list under “{found.name}”"


class _Reader:
    """Reads nodes for one number of bits.

    Attributes:
        name: the last one under which the sequence was looked for.
    """

    def __init__(self, bits: int) -> None:
        self.bits = bits
        self.name: str | None = None
        self._known: dict[int, tuple[Node, Node]] = {}  # with the node itself, so that its identity stays its own

    def rows(self, node: Node) -> list[str]:
        """The vectors of a whole sequence."""
        node = self._unwrapped(node)
        if isinstance(node, Leaf):
            return self._row(node, 1)
        if all(isinstance(item, Leaf) for item in node.items):
            return self._flat(node)
        vectors = [self._unwrapped(item) for item in node.items]
        inner = [vector.items[0] for vector in vectors if isinstance(vector, Group) and len(vector.items) == 1]
        if len(inner) == len(vectors) and all(isinstance(vector, Group) for vector in inner):
            vectors = inner  # a batch of one: (L, 1, bits)
        rows = []
        for number, vector in enumerate(vectors, 1):
            if isinstance(vector, Group) and any(isinstance(self._unwrapped(each), Group) for each in vector.items):
                raise Problem(f"Line {vector.line:,}: vector {number:,} is a list of lists, not of {self._many}.")
            rows += self._row(vector, number)
        return rows

    def _flat(self, group: Group) -> list[str]:
        """A list of words: vectors, or the bits of one or more vectors in a row."""
        leaves = [item for item in group.items if isinstance(item, Leaf)]
        if not leaves:
            return []
        bits = [words.bit_of(leaf.text) for leaf in leaves]
        whole = sum(words.is_spelled(leaf.text) for leaf in leaves)
        if whole >= len(leaves) - whole and self.bits > 1:
            return [row for number, leaf in enumerate(leaves, 1) for row in self._row(leaf, number)]
        for place, (leaf, bit) in enumerate(zip(leaves, bits, strict=True), 1):
            if bit is None:
                raise Problem(f"Line {leaf.line:,}: bit {place:,} is {quoted(leaf.text)}; a bit is 0 or 1.")
        if len(bits) % self.bits:
            raise Problem(
                f"Line {group.line:,}: the list has {counted(len(bits), 'bit')}; each vector has {self.bits}."
            )
        joined = "".join(bit or "" for bit in bits)
        return [joined[at : at + self.bits] for at in range(0, len(joined), self.bits)]

    def _row(self, node: Node, number: int) -> list[str]:
        """One vector; a word may hold several."""
        if isinstance(node, Leaf):
            plain = words.bits_of(node.text) if not node.is_string else None  # a number, which is not cut up
            rows = words.rows_of(node.text, self.bits) or words.run_of_vectors(node.text, self.bits)
            if rows and (plain is None or len(plain) == self.bits):
                return rows
            cells = [words.bit_of(cell) for cell in node.text.replace(",", " ").split()]
            if len(cells) == self.bits and None not in cells:
                return ["".join(cell or "" for cell in cells)]
            if words.is_number(node.text) and not words.is_spelled(node.text):
                raise Problem(
                    f"Line {node.line:,}: vector {number:,} is {quoted(node.text)}; each one is {self._many}."
                )
            if not node.text:
                raise Problem(f"Line {node.line:,}: vector {number:,} is empty; each one is {self._many}.")
            raise words.fault(node.text, self.bits, f"Line {node.line:,}, vector {number:,}")
        leaves = [self._unwrapped(item) for item in node.items]
        if len(leaves) == 1 and isinstance(leaves[0], Leaf) and words.is_spelled(leaves[0].text):
            return self._row(leaves[0], number)
        for place, leaf in enumerate(leaves, 1):
            written = leaf.text if isinstance(leaf, Leaf) else "a list"
            if words.bit_of(written) is None:
                shown = quoted(written) if isinstance(leaf, Leaf) else written
                raise Problem(f"Line {leaf.line:,}: bit {place:,} of vector {number:,} is {shown}; a bit is 0 or 1.")
        if len(leaves) != self.bits:
            raise Problem(
                f"Line {node.line:,}: vector {number:,} has {counted(len(leaves), 'bit')}; each one has {self.bits}."
            )
        return ["".join(words.bit_of(leaf.text) or "" for leaf in leaves if isinstance(leaf, Leaf))]

    def _unwrapped(self, node: Node) -> Node:
        """Without what is only around the sequence: calls, lists of one list, objects. Columns become vectors."""
        given = node
        if (known := self._known.get(id(given))) is not None:
            return known[1]
        while isinstance(node, Group):
            if node.named:
                node = self._under_name(node)
            elif node.rows:
                ends = [*node.rows, len(node.items)]
                parts = [node.items[start:stop] for start, stop in zip([0, *ends], ends, strict=False)]
                rows: list[Node] = [Group("[", part[0].line, part) for part in parts if part]
                node = Group(node.opened, node.line, rows)
            elif len(node.items) == 1 and isinstance(node.items[0], Group):
                inner = node.items[0]
                if not node.call and inner.items and all(isinstance(item, Leaf) for item in inner.items):
                    return node if not inner.named and not inner.rows else inner
                node = inner
            else:
                break
        self._known[id(given)] = given, node
        return node

    def _under_name(self, group: Group) -> Node:
        """What an object holds: under a name that says so, its only list, or as many values as a vector has bits."""
        named = group.named
        if group.call and {"nrow", "ncol", "dim", ".Dim"} & named.keys() and not _is_true(named.get("byrow")):
            raise Problem(f"Line {group.line:,} has the numbers column by column; write the matrix with write.table.")
        if found := next((name for name in words.NAMES if name in named), None):
            self.name = found
            return named[found]
        lists = {name: node for name, node in named.items() if isinstance(node, Group)}
        if len(lists) == 1:
            ((self.name, only),) = lists.items()
            return only
        if lists:
            return self._columns(group, list(lists.values()))
        if group.items:  # the arguments of a printed array
            return group.items[0] if len(group.items) == 1 else Group("[", group.line, group.items)
        values = [node for name, node in named.items() if name != "index"]
        whole = [node for node in values if isinstance(node, Leaf) and words.rows_of(node.text, self.bits)]
        if len(whole) == 1 and self.bits > 1:
            return whole[0]
        return Group("[", group.line, values)  # a vector whose bits have names

    def _columns(self, group: Group, columns: list[Group]) -> Node:
        """An object of as many lists as a vector has bits: a list a bit; of any other number: a list a vector."""
        lists: list[list[Node]] = [[*column.named.values()] if column.named else column.items for column in columns]
        if len(columns) == self.bits and len({len(each) for each in lists}) == 1:
            lists = [list(vector) for vector in zip(*lists, strict=True)]
        elif not all(len(each) == self.bits for each in lists):
            return self._only_sequence(group)
        rows: list[Node] = [Group("[", group.line, vector) for vector in lists]
        return Group("[", group.line, rows)

    def _only_sequence(self, group: Group) -> Node:
        """The only one of several lists that is meant as a sequence; even with a fault in it."""
        found: dict[str, list[str]] = {}
        for name, node in group.named.items():
            if not isinstance(node, Group):
                continue
            try:
                found[name] = self.rows(node)
            except Problem:
                if _is_mostly_bits(node, self.bits):
                    found[name] = []
        if len(found) == 1 and (rows := next(iter(found.values()))):
            self.name = next(iter(found))
            return Group("[", group.line, [Leaf(row, group.line, is_string=True) for row in rows])
        lists = [name for name, node in group.named.items() if isinstance(node, Group)]
        named = ", ".join(f"“{name}”" for name in (list(found) or lists)[:4])
        raise Problem(f"Line {group.line:,} has several lists ({named}); call the one with the vectors “sequence”.")

    @property
    def _many(self) -> str:
        return counted(self.bits, "bit")


def _is_true(node: Node | None) -> bool:
    return isinstance(node, Leaf) and words.bit_of(node.text) == "1"


def _is_mostly_bits(group: Group, bits: int) -> bool:
    """Whether a list is meant as a sequence, though it may not be one."""
    leaves: list[Node] = []
    groups = [group]
    while groups:
        for node in (*(last := groups.pop()).items, *last.named.values()):
            if isinstance(node, Group):
                groups.append(node)
            else:
                leaves.append(node)
    meant = [leaf for leaf in leaves if isinstance(leaf, Leaf) and words.is_like_bits(leaf.text)]
    return 2 * len(meant) > len(leaves) and (len(leaves) >= bits or any(words.is_spelled(leaf.text) for leaf in meant))
