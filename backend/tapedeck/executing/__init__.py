"""Many computations at once: in processes of this machine, or on a cluster through Dask.

A computation is an importable function of one argument, its specification; both are pickled. It may be made more than
once, because a worker that dies has its work done over by another, so it must come to the same whenever it is repeated.

    with workers(4) as executor:  # or workers(cluster="tcp://scheduler:8786"), or any executor of one's own
        for outcome in outcomes(executor, function, specifications):
            outcome.number, outcome.value, outcome.error
"""

from tapedeck.executing.cluster import Cluster, cluster
from tapedeck.executing.flight import Flight, Outcome, in_order, outcomes
from tapedeck.executing.processes import Processes, cores, on_leaving, processes
from tapedeck.executing.workers import workers

__all__ = [
    "Cluster",
    "Flight",
    "Outcome",
    "Processes",
    "cluster",
    "cores",
    "in_order",
    "on_leaving",
    "outcomes",
    "processes",
    "workers",
]
