"""The id of every component that a callback or a browser module speaks of."""

from __future__ import annotations

# Where the user is.
ADDRESS = "address"
LINK = "link"

# Composer: the ways in, which are views of one sequence.
WAY_IN = "way-in"
BITS = "composer-bits"
TEXT = "composer-text"
HEX = "composer-hex"
DRAWN = "composer-drawn"
DRAWING = "composer-drawing"
RANDOM = "composer-random"
RANDOM_LENGTH = "random-length"
RANDOM_DENSITY = "random-density"
RANDOM_SEED = "random-seed"
EXAMPLE = "composer-example"
FILE = "composer-file"
COMPOSER_MESSAGE = "composer-message"
COMPOSER_FLAG = "composer-flag"
FILE_READ = "composer-file-read"
COMPOSER_SUMMARY = "composer-summary"
COMPOSED = "composed"
WIDTH = "composer-width"
KEPT = "composer-kept"

# What the sequence is run on, and the run.
MACHINE = "machine"
MACHINES = "machines"
MACHINE_MESSAGE = "machine-message"
LOCATIONS = "locations"
RUN = "run"

# Set by the browser modules.
SERVICE = "service-state"

# Generalization.
EVALUATED = "evaluated"
PATTERN = "evaluation-pattern"
LONGEST = "evaluation-longest"
EACH = "evaluation-each"
EVALUATION_LOCATIONS = "evaluation-locations"
EVALUATE = "evaluate"
EVALUATION = "evaluation"
EVALUATION_MESSAGE = "evaluation-message"
EVALUATED_FIGURE = "evaluated-figure"
FRAME = "generalization-frame"
GENERALIZATION = "generalization-graph"
GENERALIZATION_PLACE = "generalization-place"

# Training.
TRAINING = "training-state"
SEED = "train-seed"

TAPE = "tape"


def recipe(name: str) -> str:
    """The field of a recipe's number."""
    return f"train-{name.replace('_', '-')}"
