"""The engines that compute runs, behind one small interface."""

from tapedeck.tracing.engines.choice import engine_for
from tapedeck.tracing.engines.engine import Engine, Session
from tapedeck.tracing.engines.torch_engine import TORCH, TorchEngine

__all__ = ["TORCH", "Engine", "Session", "TorchEngine", "engine_for"]
