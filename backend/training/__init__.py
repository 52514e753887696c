"""Training: the recipe, the trainer, runs that can be resumed, and how a machine is judged."""
