"""A service that trains until it is killed: `python -m tests.training.keeper FOLDER`.

It says the job's name when that is on its way.
"""

from __future__ import annotations

import sys
from pathlib import Path

from backend.training.compiling import Compilation
from backend.training.jobs import JobQueue
from tests.training.tiny import ENDLESS, on_its_way

if __name__ == "__main__":
    queue = JobQueue(Path(sys.argv[1]), compilation=Compilation.NEVER)
    job = on_its_way(queue, queue.start(ENDLESS, seed=5).id)
    print(job.id, flush=True)  # noqa: T201  (the answer)
    sys.stdin.read()
