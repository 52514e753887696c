"""What the processes begin with that train side by side: it is imported once, by the one that they are forked from."""

import os

# Torch reads it as it is imported: one core for each run, while it compiles as well.
os.environ["TORCHINDUCTOR_COMPILE_THREADS"] = "1"

import torch._dynamo  # noqa: F401 - by the first optimizer of a process: 1.5 s, and 90 MB that they share this way

import tapedeck.training.side_by_side  # noqa: F401
