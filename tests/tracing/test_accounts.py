"""Every source that matters, with its sign, in one sentence: the page's cases, and what holds of all runs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapedeck.ntm import NTMConfig
from tapedeck.tracing.accounts import BIAS, INITIAL, Output, Writes, account_of_output, account_of_read
from tapedeck.tracing.output import label
from tapedeck.tracing.provenance import by_intervention

CASES = json.loads((Path(__file__).parents[1] / "accounts.json").read_text(encoding="utf-8"))
AMOUNTS = st.floats(-5, 5, allow_subnormal=False)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["says"])
def test_a_sentence_names_every_source_that_matters_with_its_sign(case: dict[str, Any]) -> None:
    writes, places = [float(each) for each in case["writes"]], case["places"]
    memory = {INITIAL: float(case["initial"]), **by_intervention(np.array(case.get("interventions", [])))}
    if "channel" in case:
        output = Output(label(NTMConfig(bits=case["bits"]).spec.outputs[case["channel"]]))
        others = {**memory, BIAS: float(case["bias"])}
        assert account_of_output(case["step"], output, Writes(writes, places), others) == case["says"]
    else:
        assert account_of_read(case["step"], Writes(writes, places), memory) == case["says"]


@given(st.lists(AMOUNTS, min_size=1, max_size=12), AMOUNTS, AMOUNTS)
def test_the_contributions_that_are_named_add_up_to_the_output(
    writes: list[float], initial: float, bias: float
) -> None:
    said = account_of_output(
        5, Output("Output bit 1"), Writes(writes, range(len(writes))), {INITIAL: initial, BIAS: bias}
    )
    signed, total = _numbers(said), sum(writes) + initial + bias
    assert sum(signed) == pytest.approx(total, abs=0.005 * (len(signed) + 2))
    opposing = said.partition("; ")[2] or (said if "oppose" in said else "")
    assert all(number == 0 or (number < 0) is (total > 0.5) for number in _numbers(opposing))


def _numbers(said: str) -> list[float]:
    return [float(number.replace("−", "-")) for number in re.findall(r"([+−]\d+\.\d\d) from", said)]


def test_a_probability_is_said_as_it_is_and_not_as_a_bit() -> None:
    """The browser's sentence of the same is in `tests/viewer/accounts.test.mjs`."""
    output = Output("The probability of a 1", "sigmoid", 0.0, likely=True)
    said = account_of_output(3, output, Writes([0.5, -2.0], [1, 2]), {INITIAL: 0.25, BIAS: 0.0})
    assert said == (
        "The probability of a 1 of step 3 is 0.22 (−1.25 before its sigmoid): −2.00 from step 1; +0.50 from step 0 and "
        "+0.25 from the initial memory, which oppose it."
    )
