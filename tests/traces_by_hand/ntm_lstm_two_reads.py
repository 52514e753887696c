"""An NTM with an LSTM controller and two read heads, as a researcher's own loop might have recorded it."""

import json
import sys
from typing import Any

import numpy as np

T, N, W = 14, 10, 6
rng, memory, log = np.random.default_rng(3), np.full((N, W), 0.1), []
for t in range(T):
    w, r1, r2 = (np.exp(-3.0 * (np.arange(N) - at) ** 2) / 1.1 for at in (t % 7, t % 5, 8))
    e, a, cell = rng.random(W), rng.normal(size=W), rng.normal(size=8)
    memory = memory * (1 - np.outer(w, e)) + np.outer(w, a)
    step = {"inputs": rng.integers(0, 2, 5), "outputs": rng.random(3), "targets": rng.integers(0, 2, 3)}
    step |= {"write.weighting": w, "write.erase_vector": e, "write.add_vector": a, "controller.cell": cell}
    step |= {"read1.weighting": r1, "read1.read_vector": r1 @ memory, "controller.hidden": np.tanh(cell)}
    log.append({**step, "read2.weighting": r2, "read2.read_vector": r2 @ memory})
meta = {"version": 2, "title": "My NTM", "memory": {"start": 0.1}, "scored": [[7, T, 0, 3]]}
meta["phases"] = [{"name": "hear", "start": 0, "stop": 7}, {"name": "say", "role": "recall", "start": 7, "stop": T}]
arrays: dict[str, Any] = {name: np.array([step[name] for step in log]) for name in log[0]}
np.savez(sys.argv[1], meta=json.dumps(meta), **arrays)
