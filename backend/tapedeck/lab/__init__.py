"""Experiments of many runs: what an answer hangs on, and what becomes of it as something is turned up or down."""
