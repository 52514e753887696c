"""Browser modules as one script."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tapedeck_viewer.bundle import bundle, bundled_module
from tests.checks import NODE


def write(folder: Path, **modules: str) -> Path:
    for name, text in modules.items():
        (folder / name.replace("_", ".")).write_text(text)
    return folder / "main.mjs"


def test_bundled_modules_keep_their_names_to_themselves(tmp_path: Path) -> None:
    entry = write(
        tmp_path,
        main_mjs='import { twice as doubled } from "./a.mjs";\nimport words from "./w.json" with { type: "json" };\n'
        "const own = 1;\nglobalThis.said = [own, doubled(2), words.hi];\n",
        a_mjs='import { own } from "#viewer/b.mjs";\nexport const twice = (/** @type {number} */ x) => own * x;\n',
        b_mjs="/** Two. */\nexport const own = 2;\n",
        w_json='{"hi": "</script>"}',
    )
    script = bundle(entry, tmp_path)
    assert script.count("const own = ") == 2
    assert script.index("own = 2") < script.index("twice") < script.index("said")
    assert "{ twice: doubled }" in script
    assert "</script>" not in script
    assert "Two." not in script


@pytest.mark.parametrize(
    ("modules", "sentence"),
    [
        (
            {"main_mjs": 'import { a } from "./a.mjs";\n', "a_mjs": 'import { b } from "./main.mjs";\n'},
            "imports itself",
        ),
        ({"main_mjs": 'export * from "./a.mjs";\n', "a_mjs": ""}, "cannot stand in one script"),
        ({"main_mjs": "const here = import.meta.url;\n"}, "cannot stand in one script: const here"),
        ({"main_mjs": "export const [left, right] = [1, 2];\n"}, "cannot stand in one script: export const"),
    ],
)
def test_what_cannot_be_bundled_is_an_error(tmp_path: Path, modules: dict[str, str], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        bundle(write(tmp_path, **modules), tmp_path)


def test_a_comment_within_a_line_takes_nothing_with_it(tmp_path: Path) -> None:
    entry = write(
        tmp_path,
        main_mjs="/** @type {number} */ (globalThis.one) = 1;\n  /** @type {string} */\nconst two = 2;\n/* three */\n",
    )
    script = bundle(entry, tmp_path)
    assert "(globalThis.one) = 1;" in script
    assert "const two = 2;" in script
    assert "three" not in script


def test_a_bundled_module_exports_what_it_did_and_finds_what_it_names_by_its_own_address(tmp_path: Path) -> None:
    entry = write(
        tmp_path,
        main_mjs='import { there } from "./a.mjs";\nconst { sep } = { sep: "|" };\nexport { there };\n'
        "export const said = () => [there.pathname.split(sep).length];\n",
        a_mjs='export const there = new URL("./w.mjs", import.meta.url);\n',
    )
    asked: list[Path] = []

    def address(path: Path) -> str:
        asked.append(path)
        return "beside/w.mjs"

    text = bundled_module(entry, address, tmp_path)
    assert asked == [tmp_path.resolve() / "w.mjs"]
    program = tmp_path / "bundled.mjs"
    program.write_text(text + "console.log(String(there.href.endsWith('/beside/w.mjs')), said().length);\n")
    assert subprocess.run([NODE, program], capture_output=True, text=True, check=True).stdout == "true 1\n"
