"""The id of every component that a callback or a browser module speaks of."""

from __future__ import annotations

# Where the user is.
ADDRESS = "address"

# Composer: a file that goes to the page's server, and what it found in it.
FILE = "composer-file"
FOUND = "composer-found"

# What the input is run on, and the run.
MACHINE = "machine"
MACHINES = "machines"
TASKS = "tasks"
MACHINE_MESSAGE = "machine-message"
LOCATIONS = "locations"
RUN = "run"

# Set by the browser modules.
SERVICE = "service-state"

# Generalization.
EVALUATED = "evaluated"
PATTERN = "evaluation-pattern"
LONGEST = "evaluation-longest"
SECOND = "evaluation-second"
SUITED = "evaluation-task"
EACH = "evaluation-each"
EVALUATION_LOCATIONS = "evaluation-locations"
EVALUATE = "evaluate"
EVALUATION = "evaluation"
EVALUATION_MESSAGE = "evaluation-message"
EVALUATED_FIGURE = "evaluated-figure"
FRAME = "generalization-frame"
KEPT = "generalization-kept"
GENERALIZATION = "generalization-graph"
GENERALIZATION_PLACE = "generalization-place"

# Learn's curves: what they show, the graphs, and their places.
FILM_FIGURE = "film-figure"
FILM_GRAPH = "film-graph"
FILM_PLACE = "film-place"
TRAINING_FIGURE = "training-figure"
TRAINING_GRAPH = "training-graph"
TRAINING_PLACE = "training-place"

# Training.
TRAINING = "training-state"
SEED = "train-seed"

TAPE = "tape"


def recipe(name: str) -> str:
    """The field of a recipe's number."""
    return f"train-{name.replace('_', '-')}"
