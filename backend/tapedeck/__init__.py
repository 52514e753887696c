"""Tapedeck's service: a trained Neural Turing Machine, run step by step, with every number of every step recorded."""

__version__ = "0.1.0"
