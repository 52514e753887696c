"""The machine's step as compiled loops over arrays: any specification, every number recorded, nothing allocated.

The torch module (`tapedeck.ntm`) is the definition; each function here is one of its equations. All kernels stand in
this module, because Numba's cache looks at no other file for changes, and whatever differs from machine to machine is
an argument, because it freezes globals.

The memory lies with its locations side by side, [W, N], so that one instruction takes many of them; so do the weights
of layers, [in, out]. Every loop is written so that its terms may be taken together without changing their order; but
for `_total` and `_dot`, whose sums may be taken in any order, as torch's are, and for products that are added without
being rounded first. That is all that they may assume: what is infinite, or not a number, stays so. Exponentials and
logarithms are taken in float64, to as many terms as float32 can tell, so that they round no worse than torch's.

Dimensions: S steps of a stretch, F numbers of a row, C input channels, O outputs, N locations, W width, H heads,
R numbers that all read heads read, L layers of the controller, U units and G gates of the largest layer, P numbers that
all heads' layers emit, D numbers that drive them, V numbers that the output sees.
"""

# Numba compiles what stands here and finds the types by itself; what it has to have in one function is long.
# mypy: ignore-errors
# ruff: noqa: C901, PLR0912, PLR0915, PLR0917

from __future__ import annotations

import math

import numpy as np
from numba import njit

from tapedeck.compiled.cache import cached

RAW, TANH, RELU, SIGMOID, SOFTPLUS, ONE_PLUS_SOFTPLUS, ONE_PLUS_RELU = 0, 1, 2, 3, 4, 5, 6
SOFTMAX, SOFTMAX_SOFTPLUS, SOFTMAX_RELU, CLAMP, ONES = 7, 8, 9, 10, 11
"""Activations."""

CLAMPED_NORMS, CLAMPED_PRODUCT, ADDED, ROOT = 0, 1, 2, 3
"""Rules of the cosine."""

HIDDEN, CELL, INPUTS, READS = 0, 1, 2, 3
"""Terms of what drives the heads, and of what the output sees."""

SIZES = 10
LOCATIONS, WIDTH, LSTM, CONTROLLER, OUTPUT, COSINE, CHANNELS, OUTPUTS, READ_NUMBERS, KEPT = range(SIZES)
"""Columns of `sizes`: N, W, whether the controller is an LSTM, its activation, the output's, the rule, C, O, R, and
whether a head addresses the memory as it was before the step."""

HEAD = 11
READS_FROM, PREVIOUS_MEMORY, PREVIOUS, SHIFTS = 0, 1, 2, 3
KEY, STRENGTH, GATE, SHIFT, SHARPENING, ERASE, ADD = 4, 5, 6, 7, 8, 9, 10
"""Columns of `heads`: where its read vector begins, -1 for a write head; whether it addresses the previous memory;
whose previous weighting it takes; how many shifts; the activation of each stage."""

EPSILON, OFFSET, SHARPENING_EPSILON = 0, 1, 2
"""Of `rules`."""

LEAST_WEIGHT, LEAST_TOTAL = 1e-36, 1e-30
"""As in `tapedeck.ntm.addressing`."""

SET, SCALE, ADD_TO, SWAP, ROLL, FREEZE, NORMALIZE = 0, 1, 2, 3, 4, 5, 6
AT_CELL, AT_HIDDEN, AT_MEMORY, STRIDE = 1, 2, 3, 16
AT_KEY, AT_STRENGTH, AT_GATE, AT_SHIFT, AT_SHARPENING, AT_ERASE, AT_ADD = 0, 1, 2, 3, 4, 5, 6
AT_CONTENT, AT_GATED, AT_SHIFTED, AT_WEIGHTING, AT_READ = 7, 8, 9, 10, 11
"""Operations and sites of a plan of interventions, as `tapedeck.tracing.interventions` has them."""

LEAST_SUM = 1e-30
"""As there."""

CHOSEN = {"nogil": True, "error_model": "numpy", "_nrt": False}
"""A division by 0 is what IEEE says, because a loop that looks for one takes its numbers one by one; and nothing is
counted or allocated, because each array that is a part of another would be counted twice, by atomic instructions."""

compiled = njit(**CHOSEN)
kept = njit(**CHOSEN, cache=cached())
"""For what is called from outside, which holds all that it calls."""
summed = njit(**CHOSEN, fastmath={"reassoc"})
"""For sums that may be taken in any order; nothing is assumed of what is infinite or no number."""
fused = njit(**CHOSEN, fastmath={"contract"})
"""For products that may be added without being rounded first."""


@fused
def _exp(x):
    """e^x within 1e-8 of itself, a ninth of what rounding to float32 costs, without a branch."""
    x = -700.0 if x < -700.0 else x
    x = 700.0 if x > 700.0 else x
    shifted = x * 1.4426950408889634 + 6755399441055744.0  # the whole number comes to stand in the last bits
    k = shifted - 6755399441055744.0
    r = (x - k * 0.693147180369123816490) - k * 1.90821492927058770002e-10
    p = 1.0 / 5040.0
    p = p * r + 1.0 / 720.0
    p = p * r + 1.0 / 120.0
    p = p * r + 1.0 / 24.0
    p = p * r + 1.0 / 6.0
    p = p * r + 0.5
    p = p * r + 1.0
    p = p * r + 1.0
    bits = np.float64(shifted).view(np.int64)
    return p * np.int64((bits + 1023) << 52).view(np.float64)


@fused
def _log(x):
    """The natural logarithm of a positive, normal float64 within 2e-11, without a branch."""
    bits = np.float64(x).view(np.int64)
    k = np.int64(((bits >> 52) & 2047) | 4841369599423283200).view(np.float64) - 4503599627371519.0
    m = np.int64((bits & 4503599627370495) | 4607182418800017408).view(np.float64)
    large = m > 1.4142135623730951
    m = m * 0.5 if large else m
    k = k + 1.0 if large else k
    f = (m - 1.0) / (m + 1.0)
    s = f * f
    p = 1.0 / 11.0
    p = p * s + 1.0 / 9.0
    p = p * s + 1.0 / 7.0
    p = p * s + 1.0 / 5.0
    p = p * s + 1.0 / 3.0
    return k * 0.693147180369123816490 + (k * 1.90821492927058770002e-10 + 2.0 * f * (1.0 + p * s))


@summed
def _total(values):
    """Σ v, in float32."""
    total = np.float32(0)
    for i in range(len(values)):
        total += values[i]
    return total


@summed
def _dot(one, other):
    """Σ u v, in float32."""
    total = np.float32(0)
    for i in range(len(one)):
        total += one[i] * other[i]
    return total


@compiled
def _copy(values, out):
    """The same numbers elsewhere; a loop, because an assignment to a slice looks first whether they overlap."""
    for i in range(len(values)):
        out[i] = values[i]


@compiled
def _fill(out, value):
    for i in range(len(out)):
        out[i] = value


@compiled
def _greatest(values):
    """The greatest value; of several chains side by side, which the processor compares at once."""
    a = b = c = d = values[0]
    for i in range(0, len(values) - 3, 4):
        a, b = max(a, values[i]), max(b, values[i + 1])
        c, d = max(c, values[i + 2]), max(d, values[i + 3])
    for i in range(len(values) - len(values) % 4, len(values)):
        a = max(a, values[i])
    return max(a, b, c, d)


@compiled
def _softmax(values):
    """softmax(v), in place."""
    greatest = _greatest(values)
    for i in range(len(values)):
        values[i] = _exp(np.float64(values[i] - greatest))
    total = _total(values)
    for i in range(len(values)):
        values[i] /= total


@compiled
def _softplus(x):
    """log(1 + e^x); x itself above 20, as torch has it."""
    return x if x > 20.0 else math.log1p(math.exp(x))


@compiled
def _activate(code, values):
    """An activation, in place."""
    if code in (TANH, SIGMOID):
        if code == TANH:
            for i in range(len(values)):
                x = np.float64(values[i])
                t = _exp(-2.0 * abs(x))
                y = (1.0 - t) / (1.0 + t)
                y = -y if x < 0.0 else y
                values[i] = x if abs(x) < 1e-4 else y
        else:
            for i in range(len(values)):
                values[i] = 1.0 / (1.0 + _exp(-np.float64(values[i])))
        return
    if code in (RELU, SOFTMAX_RELU, ONE_PLUS_RELU):
        for i in range(len(values)):
            values[i] = np.float32(0) if values[i] < 0 else values[i]
    elif code in (SOFTPLUS, SOFTMAX_SOFTPLUS, ONE_PLUS_SOFTPLUS):
        for i in range(len(values)):
            values[i] = _softplus(np.float64(values[i]))
    elif code == CLAMP:
        for i in range(len(values)):
            x = values[i]
            x = np.float32(0) if x < 0 else x
            values[i] = np.float32(1) if x > 1 else x
    elif code == ONES:
        _fill(values, np.float32(1))
    if code in (ONE_PLUS_RELU, ONE_PLUS_SOFTPLUS):
        for i in range(len(values)):
            values[i] += np.float32(1)
    elif code in (SOFTMAX, SOFTMAX_SOFTPLUS, SOFTMAX_RELU):
        _softmax(values)


@fused
def _product(weight, x, out):
    """Σ_i x(i) A(i, ·), four rows at a time."""
    _fill(out, np.float32(0))
    count, size = len(x), len(out)
    for i in range(0, count - 3, 4):
        a, b, c, d = weight[i], weight[i + 1], weight[i + 2], weight[i + 3]
        p, q, r, s = x[i], x[i + 1], x[i + 2], x[i + 3]
        for j in range(size):
            out[j] += (p * a[j] + q * b[j]) + (r * c[j] + s * d[j])
    for i in range(count - count % 4, count):
        a, p = weight[i], x[i]
        for j in range(size):
            out[j] += p * a[j]


@compiled
def _layer(weight, bias, x, out):
    """A x + b."""
    _product(weight, x, out)
    for j in range(len(out)):
        out[j] += bias[j]


@compiled
def _change(plan, now, stop, site, prev, room, out):
    """Carries out what a plan does at a site, of the operations `now` to `stop` of this step.

    `prev` is the head's weighting of the step before, `room` as long as `out`, or either one anything where the site
    is not a weighting.
    """
    sites, operations, spans, places, values, failed = plan
    for k in range(now, stop):
        if sites[k] != site:
            continue
        operation, start, end = operations[k], spans[k, 0], spans[k, 1]
        if operation == FREEZE:
            _copy(prev, out)
        elif operation == ROLL:
            move = np.int64(values[start]) % len(out)
            _copy(out, room)
            for i in range(len(out)):
                out[i] = room[(i - move) % len(out)]
        elif operation == NORMALIZE:
            _activate(np.int64(RELU), out)
            total = _total(out)
            if total < np.float32(LEAST_SUM):
                failed[0] = k
            for i in range(len(out)):
                out[i] /= total
        else:
            for i in range(start, end):
                value = np.float32(values[i])
                place = places[i]
                if operation == SET:
                    out[place] = value
                elif operation == SCALE:
                    out[place] *= value
                elif operation == ADD_TO:
                    out[place] += value
                elif i - start < (end - start) // 2:
                    other = places[i + (end - start) // 2]
                    out[place], out[other] = out[other], out[place]


@compiled
def _change_memory(plan, now, stop, memory):
    """The same of the memory, whose places are location · W + column."""
    sites, operations, spans, places, values, _ = plan
    width = len(memory)
    for k in range(now, stop):
        if sites[k] != AT_MEMORY:
            continue
        operation, start, end = operations[k], spans[k, 0], spans[k, 1]
        for i in range(start, end):
            value = np.float32(values[i])
            w, n = places[i] % width, places[i] // width
            if operation == SET:
                memory[w, n] = value
            elif operation == SCALE:
                memory[w, n] *= value
            elif operation == ADD_TO:
                memory[w, n] += value
            elif i - start < (end - start) // 2:
                other = places[i + (end - start) // 2]
                v, m = other % width, other // width
                memory[w, n], memory[v, m] = memory[v, m], memory[w, n]


@compiled
def _drive(
    sizes, layers, layer_weights, layer_biases, own_weights, own_biases, hidden, cell, seen, gates, plan, now, stop
):
    """The controller: from [x, r₋₁] in `seen` to the hidden vector, before the activation of what leaves an LSTM.

    Both LSTM states are kept in `hidden` and `cell`; of a feed-forward controller the last layer's output in `hidden`.
    """
    below = seen
    for layer in range(len(layers)):
        units = layers[layer]
        made = hidden[layer][:units]
        if not sizes[LSTM]:
            _layer(layer_weights[layer], layer_biases[layer], below, made)
            _activate(sizes[CONTROLLER], made)
            below = made
            continue
        of_below, own = gates[0][: 4 * units], gates[1][: 4 * units]
        _layer(layer_weights[layer], layer_biases[layer], below, of_below)
        _layer(own_weights[layer], own_biases[layer], made, own)
        for j in range(4 * units):
            of_below[j] += own[j]
        admit, keep = of_below[:units], of_below[units : 2 * units]
        candidate, emit = of_below[2 * units : 3 * units], of_below[3 * units :]
        for part in range(4):
            _activate(TANH if part == 2 else SIGMOID, of_below[part * units : part * units + units])
        kept = cell[layer][:units]
        for j in range(units):
            kept[j] = keep[j] * kept[j] + admit[j] * candidate[j]
        if stop > now and layer == len(layers) - 1:
            _change(plan, now, stop, np.int64(AT_CELL), kept, kept, kept)
        _copy(kept, made)
        _activate(np.int64(TANH), made)
        for j in range(units):
            made[j] *= emit[j]
        below = made


@compiled
def _gather(terms, x, hidden, cell, reads, seen):
    """Some terms side by side, in `seen`; how many numbers."""
    stop = 0
    for term in terms:
        if term == HIDDEN:
            _copy(hidden, seen[stop:])
            stop += len(hidden)
        elif term == CELL:
            _copy(cell, seen[stop:])
            stop += len(cell)
        elif term == INPUTS:
            _copy(x, seen[stop:])
            stop += len(x)
        else:
            _copy(reads, seen[stop:])
            stop += len(reads)
    return stop


@compiled
def _norms(sizes, rules, memory, norms):
    """What the cosine divides by of each location, before its key: |m|, at least ε, or √(|m|² + ε)."""
    offset, epsilon = np.float32(rules[OFFSET]), np.float32(rules[EPSILON])
    _fill(norms, np.float32(0))
    for w in range(len(memory)):
        row = memory[w]
        for n in range(len(norms)):
            m = row[n] + offset
            norms[n] += m * m
    rule = sizes[COSINE]
    for n in range(len(norms)):
        norms[n] = math.sqrt(norms[n] + epsilon if rule == ROOT else norms[n])
    if rule == CLAMPED_NORMS:
        for n in range(len(norms)):
            norms[n] = epsilon if norms[n] < epsilon else norms[n]


@compiled
def _content(sizes, rules, memory, norms, key, strength, out):
    """w^c = softmax(β cosine(M, k)), equations 5 and 6, from the norms of the memory."""
    offset, epsilon, rule = np.float32(rules[OFFSET]), np.float32(rules[EPSILON]), sizes[COSINE]
    size, width = len(out), len(memory)
    square = np.float32(0)
    for w in range(width):
        square += (key[w] + offset) * (key[w] + offset)
    norm = np.float32(math.sqrt(square + epsilon if rule == ROOT else square))
    if rule == CLAMPED_NORMS:
        norm = max(norm, epsilon)
    _fill(out, np.float32(0))
    for w in range(0, width - 1, 2):
        a, b, k, q = memory[w], memory[w + 1], key[w] + offset, key[w + 1] + offset
        for n in range(size):
            out[n] += (a[n] + offset) * k + (b[n] + offset) * q
    if width % 2:
        a, k = memory[width - 1], key[width - 1] + offset
        for n in range(size):
            out[n] += (a[n] + offset) * k
    if rule in (CLAMPED_NORMS, ROOT):
        # By one norm and then by the other: their product may be less than any float.
        for n in range(size):
            out[n] = strength * (out[n] / norms[n] / norm)
    elif rule == ADDED:
        for n in range(size):
            out[n] = strength * (out[n] / (norms[n] * norm + epsilon))
    else:
        for n in range(size):
            product = norms[n] * norm
            out[n] = strength * (out[n] / (epsilon if product < epsilon else product))
    _softmax(out)


@compiled
def _shift(gated, shares, moves, out):
    """w̃(i) = Σ_k s(k) w^g(i − shift k), around the ring: equation 8."""
    size = len(gated)
    _fill(out, np.float32(0))
    for k in range(len(shares)):
        move, share = moves[k] % size, shares[k]
        to, start = out[move:], gated[: size - move]
        for i in range(len(start)):
            to[i] += share * start[i]
        to, start = out[:move], gated[size - move :]
        for i in range(len(start)):
            to[i] += share * start[i]


@compiled
def _sharpen(shifted, sharpening, epsilon, out):
    """w = w̃^γ / (Σ w̃^γ + ε), equation 9; where the powers vanish and ε is 0, softmax(γ log w̃)."""
    size, gamma = len(out), np.float64(sharpening)
    least = np.float32(1)
    for i in range(size):
        least = min(least, shifted[i])
    if gamma == 1.0:
        _copy(shifted, out)
    elif not least >= 0:
        for i in range(size):
            out[i] = np.float64(shifted[i]) ** gamma
    else:
        for i in range(size):
            x = np.float64(shifted[i])
            y = _exp(gamma * _log(x)) + (x - x)
            out[i] = 0.0 if x == 0.0 else y
    total = _total(out)
    if epsilon > 0 or not total < np.float32(LEAST_TOTAL):
        total += np.float32(epsilon)
        for i in range(size):
            out[i] /= total
        return
    for i in range(size):
        x = shifted[i]
        x = np.float32(LEAST_WEIGHT) if x < np.float32(LEAST_WEIGHT) else x
        out[i] = sharpening * np.float32(_log(np.float64(x)))
    _softmax(out)


@compiled
def _write(memory, weighting, erase, add):
    """M = M₋₁ ∘ (1 − w eᵀ) + w aᵀ, equations 3 and 4."""
    one = np.float32(1)
    for w in range(len(memory)):
        row, e, a = memory[w], erase[w], add[w]
        for n in range(len(weighting)):
            row[n] = row[n] * (one - weighting[n] * e) + weighting[n] * a


@compiled
def _emit(code, projected, start, out):
    """One stage of a head: what its layer emitted, from a place on, after its activation; the place after it."""
    if code != ONES:
        _copy(projected[start : start + len(out)], out)
        start += len(out)
    _activate(code, out)
    return start


@compiled
def _finite(bits):
    """Whether all of some float32 numbers are finite, by their bits."""
    wrong = 0
    for i in range(len(bits)):
        wrong += (bits[i] & 2139095040) == 2139095040
    return wrong == 0


@kept
def advance(
    inputs,  # [S, C]
    rows,  # [S, F]; [1, F] where only the outputs are wanted
    row_bits,  # the same, as int32
    first,  # the column of the first number that a step computes
    unclamped,  # [S, O]
    unclamped_bits,  # the same, as int32
    memory,  # [W, N], the state: it goes in and comes out
    weightings,  # [H, N]
    reads,  # [R]
    hidden,  # [L, U]
    cell,  # [L, U]
    sizes,  # [SIZES]
    heads,  # [H, HEAD]
    moves,  # [H, most shifts]
    rules,  # float64
    layers,  # [L], units
    drives,  # terms
    terms,  # terms
    layer_weights,  # [L, in, G]
    layer_biases,  # [L, G]
    own_weights,  # [L, U, G], of an LSTM
    own_biases,  # [L, G]
    head_weights,  # [D, P]
    head_biases,  # [P]
    output_weights,  # [V, O]
    output_biases,  # [O]
    gates,  # [2, G], the rest is room to work in
    seen,  # [the most of D, V and C + R]
    projected,  # [P]
    norms,  # [2, N]
    before,  # [W, N]
    following,  # [H, N]
    begin,  # the number of the first of these steps in its run, for the plan of interventions
    plan_first,  # [T + 1], empty where there is no plan
    sites,  # [K]
    operations,  # [K]
    spans,  # [K, 2]
    places,  # [P]
    values,  # [P], float64
    touched_first,  # [T + 1]: which cells of the memory the plan changes in each step
    touched,  # location · W + column
    applied,  # what stands there then
    failed,  # [1]: the operation that found nothing left to normalize, -1 for none
):
    """Takes S steps; how many of them, from the first on, have finite numbers only."""
    width, locations, channels = sizes[WIDTH], sizes[LOCATIONS], sizes[CHANNELS]
    last = len(layers) - 1
    units = layers[last]
    plan = (sites, operations, spans, places, values, failed)
    known = False
    for step in range(len(inputs)):
        x = inputs[step]
        row = rows[step if len(rows) > 1 else 0]
        _copy(x, seen)
        _copy(reads, seen[channels:])
        below = seen[: channels + len(reads)]
        now = stop = np.int64(0)
        if len(plan_first):
            now, stop = plan_first[begin + step], plan_first[begin + step + 1]
        changes = stop > now
        _drive(
            sizes,
            layers,
            layer_weights,
            layer_biases,
            own_weights,
            own_biases,
            hidden,
            cell,
            below,
            gates,
            plan,
            now,
            stop,
        )
        outputs = row[first : first + sizes[OUTPUTS]]
        place = len(row) - units * (2 if sizes[LSTM] else 1)
        of_controller = row[place : place + units]
        of_cell = cell[last][:units]
        _copy(hidden[last][:units], of_controller)
        if sizes[LSTM]:
            _activate(sizes[CONTROLLER], of_controller)
            _copy(of_cell, row[place + units :])
        if changes:
            _change(plan, now, stop, np.int64(AT_HIDDEN), x, x, of_controller)
            if sizes[LSTM] and sizes[CONTROLLER] == RAW:
                _copy(of_controller, hidden[last])
            _change_memory(plan, now, stop, memory)
            for i in range(touched_first[begin + step], touched_first[begin + step + 1]):
                applied[i] = memory[touched[i] % width, touched[i] // width]
                known = False
        size = _gather(drives, x, of_controller, of_cell, reads, seen)
        _layer(head_weights, head_biases, seen[:size], projected)

        if not known:
            _norms(sizes, rules, memory, norms[0])
            known = True
        if sizes[KEPT]:
            for w in range(width):
                _copy(memory[w], before[w])
            _copy(norms[0], norms[1])
        at, start = first + sizes[OUTPUTS], np.int64(0)
        for head in range(len(heads)):
            about, site = heads[head], STRIDE * (1 + head)
            old, room = weightings[head], following[head]
            weighting, content = row[at : at + locations], row[at + locations : at + 2 * locations]
            gated = row[at + 2 * locations : at + 3 * locations]
            shifted = row[at + 3 * locations : at + 4 * locations]
            at += 4 * locations
            key = row[at : at + width]
            strength, gate, sharpening = at + width, at + width + 1, at + width + 2
            shares = row[at + width + 3 : at + width + 3 + about[SHIFTS]]
            start = _emit(about[KEY], projected, start, key)
            start = _emit(about[STRENGTH], projected, start, row[strength : strength + 1])
            start = _emit(about[GATE], projected, start, row[gate : gate + 1])
            start = _emit(about[SHIFT], projected, start, shares)
            start = _emit(about[SHARPENING], projected, start, row[sharpening : sharpening + 1])
            at += width + 3 + about[SHIFTS]
            if changes:
                _change(plan, now, stop, site + AT_KEY, old, room, key)
                _change(plan, now, stop, site + AT_STRENGTH, old, room, row[strength : strength + 1])
                _change(plan, now, stop, site + AT_GATE, old, room, row[gate : gate + 1])
                _change(plan, now, stop, site + AT_SHIFT, old, room, shares)
                _change(plan, now, stop, site + AT_SHARPENING, old, room, row[sharpening : sharpening + 1])

            if about[PREVIOUS_MEMORY]:
                _content(sizes, rules, before, norms[1], key, row[strength], content)
            else:
                if not known:
                    _norms(sizes, rules, memory, norms[0])
                    known = True
                _content(sizes, rules, memory, norms[0], key, row[strength], content)
            if changes:
                _change(plan, now, stop, site + AT_CONTENT, old, room, content)
            prev, share = weightings[about[PREVIOUS]], row[gate]
            rest = np.float32(1) - share
            for n in range(locations):
                gated[n] = share * content[n] + rest * prev[n]
            if changes:
                _change(plan, now, stop, site + AT_GATED, old, room, gated)
            _shift(gated, shares, moves[head][: about[SHIFTS]], shifted)
            if changes:
                _change(plan, now, stop, site + AT_SHIFTED, old, room, shifted)
            _sharpen(shifted, row[sharpening], rules[SHARPENING_EPSILON], weighting)
            if changes:
                _change(plan, now, stop, site + AT_WEIGHTING, old, room, weighting)
            _copy(weighting, following[head])

            vector = row[at : at + width]
            at += width
            if about[READS_FROM] >= 0:
                for w in range(width):
                    vector[w] = _dot(following[head], memory[w])
                if changes:
                    _change(plan, now, stop, site + AT_READ, old, room, vector)
                _copy(vector, reads[about[READS_FROM] :])
            else:
                added = row[at : at + width]
                at += width
                start = _emit(about[ERASE], projected, start, vector)
                start = _emit(about[ADD], projected, start, added)
                if changes:
                    _change(plan, now, stop, site + AT_ERASE, old, room, vector)
                    _change(plan, now, stop, site + AT_ADD, old, room, added)
                _write(memory, following[head], vector, added)
                known = False
        for head in range(len(heads)):
            _copy(following[head], weightings[head])

        size = _gather(terms, x, of_controller, of_cell, reads, seen)
        raw = unclamped[step]
        _layer(output_weights, output_biases, seen[:size], raw)
        _copy(raw, outputs)
        _activate(sizes[OUTPUT], outputs)
        if changes:
            _change(plan, now, stop, STRIDE * (1 + len(heads)), x, x, outputs)
            if failed[0] >= 0:
                return step
        if not _finite(unclamped_bits[step]) or not _finite(row_bits[step if len(rows) > 1 else 0][first:]):
            return step
    return len(inputs)
