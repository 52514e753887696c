"""What the processes begin with that train side by side."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.training.tiny import WAIT

PROGRAM = """
import sys
from tapedeck.executing import Processes
from tapedeck.training.side_by_side import PRELOADED

def found():
    there = "torch._dynamo" in sys.modules
    from torch._inductor import config
    return there, config.compile_threads

if __name__ == "__main__":
    with Processes(1, [PRELOADED]) as pool:
        print(*pool.submit(found).result())
"""


def test_a_process_that_trains_has_what_optimizers_import_and_compiles_with_one_core(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    environment = {name: value for name, value in os.environ.items() if name != "TORCHINDUCTOR_COMPILE_THREADS"}
    done = subprocess.run(
        [sys.executable, program], env=environment, capture_output=True, text=True, check=False, timeout=WAIT
    )
    assert (done.stdout, done.stderr) == ("True 1\n", "")
