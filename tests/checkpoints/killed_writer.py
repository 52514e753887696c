"""Run by test_atomic: writes checkpoints over one another in children that are killed in the middle of it.

    python -m tests.checkpoints.killed_writer PATH ROUNDS

Prints how many kills left a half-written temporary file behind, which shows that they came in the middle. Ends with an
error as soon as the checkpoint cannot be read.
"""

from __future__ import annotations

import os
import signal
import sys
from itertools import count
from pathlib import Path

import torch

from tapedeck.checkpoints import read_checkpoint
from tests.checkpoints.conftest import random_machine, write


def write_for_ever(path: Path, written: int) -> None:
    """Two machines in turn; a byte into the pipe for each."""
    machines = [random_machine(seed) for seed in (0, 1)]
    for number in count():
        write(path, machines[number % 2], seen=number)
        os.write(written, b".")


def kill_in_the_middle(path: Path, writes: int) -> None:
    """Lets a child write so many, and kills it in the next."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        write_for_ever(path, write_end)
    for _ in range(writes):
        os.read(read_end, 1)
        read_checkpoint(path)  # also while the child goes on writing
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(read_end)
    os.close(write_end)


def main(path: Path, rounds: int) -> None:
    """Kills so many writers; after each the checkpoint must be whole."""
    torch.set_num_threads(1)  # a process with threads could not fork safely
    in_the_middle = 0
    for number in range(rounds):
        kill_in_the_middle(path, writes=number % 5 + 1)
        read_checkpoint(path)
        leftovers = [file for file in path.parent.iterdir() if file != path]
        in_the_middle += len(leftovers)
        for file in leftovers:
            file.unlink()
    print(in_the_middle)  # noqa: T201  (the answer)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
