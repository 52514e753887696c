"""When a run reports and saves."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tapedeck.training.schedule import DENSE, DENSE_UNTIL, RECORD, REPORT, checkpoint_updates, next_stop

TOTALS = [1, 49, 50, 51, 999, 1000, 1001, 1200, 1201, 5_000, 1_000_000]


@pytest.mark.parametrize("total", TOTALS)
def test_checkpoints_are_dense_early_and_sparse_later(total: int) -> None:
    updates = checkpoint_updates(total)
    assert (updates[0], updates[-1]) == (0, total)
    gaps = [after - before for before, after in pairwise(updates)]
    assert all(gap > 0 for gap in gaps)
    early = [gap for gap, before in zip(gaps[:-1], updates, strict=False) if before < DENSE_UNTIL]
    assert set(early) <= {DENSE}
    assert len(updates) < 60
    assert all(update % RECORD == 0 for update in updates[:-1] if update > DENSE_UNTIL)


def test_the_default_run() -> None:
    assert checkpoint_updates(5_000)[-7:] == [950, 1000, 1400, 2000, 2700, 3800, 5000]


@pytest.mark.parametrize("total", TOTALS[:-1])
def test_stops_leave_out_nothing_that_is_due(total: int) -> None:
    stops = [0]
    while stops[-1] < total:
        stops.append(next_stop(stops[-1], total))
    assert stops[-1] == total
    assert set(stops) >= set(checkpoint_updates(total)) | set(range(0, total, RECORD))
    assert all(after - before <= REPORT for before, after in pairwise(stops))
