"""A trained Neural Turing Machine, run step by step, with every number of every step recorded.

    import tapedeck as td

    run = td.load("copy-1").run("Hello")
    run["write.weighting"]      # a NumPy array [T, N]
    run.verdict, run.provenance(9), run.plot(), run.save("hello.html")

The names below are the library. Each is imported when it is first used, so that `import tapedeck` alone needs neither
torch nor time (PEP 562); type checkers see them all.
"""

from __future__ import annotations

TYPE_CHECKING = False  # type checkers know the name; typing would come before Ctrl-C can end the command line quietly

if TYPE_CHECKING:
    from tapedeck.errors import TapedeckError
    from tapedeck.library.comparing import compare
    from tapedeck.library.counting import evaluate
    from tapedeck.library.evaluation import Evaluation
    from tapedeck.library.interventions import ablate, add, freeze, move, noise, scale, swap, without
    from tapedeck.library.interventions import set as set  # noqa: A004 - exported, though not by a star
    from tapedeck.library.machine import Machine, load
    from tapedeck.library.recorded import RecordedRun
    from tapedeck.library.sweeping import Sweep, sweep
    from tapedeck.library.training import train
    from tapedeck.recorder.modules import record
    from tapedeck.recorder.recorder import Recorder
    from tapedeck.tasks.registry import register_task
    from tapedeck.tasks.task import Task
    from tapedeck.viewing import view

__version__ = "0.1.0"

__all__ = [
    "Evaluation",
    "Machine",
    "RecordedRun",
    "Recorder",
    "Sweep",
    "TapedeckError",
    "Task",
    "__version__",
    "ablate",
    "add",
    "compare",
    "evaluate",
    "freeze",
    "load",
    "move",
    "noise",
    "record",
    "register_task",
    "scale",
    "swap",
    "sweep",
    "train",
    "view",
    "without",
]
"""Not `set`: a star import must leave Python's own alone."""

_HOMES = {
    "Evaluation": "tapedeck.library.evaluation",
    "Machine": "tapedeck.library.machine",
    "RecordedRun": "tapedeck.library.recorded",
    "Recorder": "tapedeck.recorder.recorder",
    "Sweep": "tapedeck.library.sweeping",
    "TapedeckError": "tapedeck.errors",
    "Task": "tapedeck.tasks.task",
    "ablate": "tapedeck.library.interventions",
    "add": "tapedeck.library.interventions",
    "compare": "tapedeck.library.comparing",
    "evaluate": "tapedeck.library.counting",
    "freeze": "tapedeck.library.interventions",
    "load": "tapedeck.library.machine",
    "move": "tapedeck.library.interventions",
    "noise": "tapedeck.library.interventions",
    "record": "tapedeck.recorder.modules",
    "register_task": "tapedeck.tasks.registry",
    "scale": "tapedeck.library.interventions",
    "set": "tapedeck.library.interventions",
    "swap": "tapedeck.library.interventions",
    "sweep": "tapedeck.library.sweeping",
    "train": "tapedeck.library.training",
    "view": "tapedeck.viewing",
    "without": "tapedeck.library.interventions",
}
"""The module of each name; `__all__` and the imports above list the same ones for type checkers, held by a test."""


if not TYPE_CHECKING:  # to which a module with such a function would have every name

    def __getattr__(name: str) -> object:
        """A name of the library, imported now and kept.

        Raises:
            AttributeError: there is no such name.
            ModuleNotFoundError: what it needs is not installed; says what to install.
        """
        from tapedeck.dependencies import needed  # noqa: PLC0415 only where a name is used

        if name not in _HOMES:
            raise AttributeError(f"tapedeck has no “{name}”; it has {', '.join(_HOMES)}.", name=name)
        value = getattr(needed(_HOMES[name]), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES, *__all__})
