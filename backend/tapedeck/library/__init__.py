"""What `import tapedeck` offers: machines, their runs, evaluations and trainings, for scripts and notebooks.

    machine       a machine from an id, a file, parameters or a module; what runs it
    inputs        what a user gives a machine to run, as its task's input
    recorded      a run that is over: arrays, memory, provenance, verdict, figures, files
    card          a run card as a notebook shows it

Nothing is computed here: everything goes through the functions that the service and the command line use.
"""

import tapedeck.installed  # noqa: F401 - before what needs it
