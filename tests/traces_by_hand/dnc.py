"""A DNC-like machine: usage, allocation and link strengths, and a memory that is recorded as it is."""

import json
import sys
from typing import Any

import numpy as np

T, N, W, rng, log = 12, 8, 4, np.random.default_rng(5), []
memory, usage, precedence, link, read = np.zeros((N, W)), np.zeros(N), np.zeros(N), np.zeros((N, N)), np.eye(N)[0]
for t in range(T):
    order = np.argsort(usage)
    allocation = ((1 - usage[order]) * np.cumprod(np.append(1, usage[order][:-1])))[np.argsort(order)]
    write, erase, add = 0.9 * allocation, rng.random(W), rng.normal(size=W)
    usage, memory = usage + write - usage * write, memory * (1 - np.outer(write, erase)) + np.outer(write, add)
    link = ((1 - write[:, None] - write) * link + np.outer(write, precedence)) * (1 - np.eye(N))
    precedence, read = (1 - write.sum()) * precedence + write, 0.5 * write + 0.5 * link @ read
    step = {"outputs": rng.random(5), "write.weighting": write, "write.allocation_weighting": allocation}
    step |= {"write.write_gate": np.array(0.9), "read.weighting": read, "read.read_vector": read @ memory}
    step |= {"memory": memory, "memory.usage": usage, "memory.link": link, "memory.precedence": precedence}
    log.append({**step, "surprise": np.array([t, t % 3, 1.5])})
meta = {"version": 2, "title": "My DNC", "fields": [{"name": "surprise", "axes": ["kind"], "equation": "−log p"}]}
arrays: dict[str, Any] = {name: np.array([step[name] for step in log]) for name in log[0]}
np.savez_compressed(sys.argv[1], meta=json.dumps(meta), **arrays)
