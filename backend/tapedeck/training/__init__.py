"""Training: the recipe, the trainer, runs that can be resumed, and how a machine is judged."""

import tapedeck.installed  # noqa: F401 - before what needs it
