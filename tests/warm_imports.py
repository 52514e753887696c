"""What the commands import, for the process that `tests.warm` forks theirs from."""

import os

# As `tests.cli.conftest` has them: some is read when it is imported.
os.environ |= {"COLUMNS": "100", "NO_COLOR": "1"}

import torch._dynamo  # noqa: F401 - by the first optimizer of a process, for 1.5 s

import tapedeck.cli.card
import tapedeck.cli.checkpoints
import tapedeck.cli.commands
import tapedeck.cli.evaluate
import tapedeck.cli.figures
import tapedeck.cli.provenance
import tapedeck.cli.running
import tapedeck.cli.serve
import tapedeck.cli.trace
import tapedeck.cli.train  # noqa: F401
import tapedeck_page.app  # noqa: F401
