"""A service with the jobs of a folder, until it is killed: `python -m tests.training.keeper FOLDER [start]`.

It says that it watches; with `start` it starts a job first, and says the job's name when that is on its way.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tapedeck.training.compiling import Compilation
from tapedeck.training.jobs import JobQueue
from tests.training.tiny import ENDLESS, on_its_way

if __name__ == "__main__":
    queue = JobQueue(Path(sys.argv[1]), compilation=Compilation.NEVER)
    queue.list()  # watches from here on
    said = "watching"
    if sys.argv[2:] == ["start"]:
        said = on_its_way(queue, queue.start(ENDLESS, seed=5).id).id
    print(said, flush=True)  # noqa: T201  (the answer)
    sys.stdin.read()
