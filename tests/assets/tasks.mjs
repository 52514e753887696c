/** The tasks as GET /api/tasks describes them. */

const vector = { type: "array", items: { type: "integer", minimum: 0, maximum: 1 }, minItems: 1 };
const term = (times, ...of) => ({ times, of });

export const COPY = {
  name: "copy",
  input: { properties: { sequence: { type: "array", items: vector, minItems: 1 } } },
  steps: [term(2), term(2, "length")],
  locations: [term(2), term(1, "length")],
};
export const REPEAT = {
  name: "repeat_copy",
  input: { properties: { sequence: { type: "array", items: vector, minItems: 1 }, repeats: { type: "integer", minimum: 1, maximum: 1000 } } },
  steps: [term(3), term(1, "length"), term(1, "length", "repeats")],
  locations: [term(2), term(1, "length")],
};
export const RECALL = {
  name: "associative_recall",
  input: {
    properties: {
      items: { type: "array", items: { type: "array", items: vector, minItems: 3, maxItems: 3 }, minItems: 2 },
      query: { type: "integer", minimum: 0, "x-index-of": "items", "x-followed-by": 1 },
    },
  },
  steps: [term(8), term(4, "items")],
  locations: [term(3, "items")],
};
export const NGRAMS = {
  name: "dynamic_ngrams",
  input: { properties: { bits: { type: "array", items: { type: "integer", minimum: 0, maximum: 1 }, minItems: 6, "x-stream": { order: 5 } } } },
  steps: [term(1, "length")],
  locations: [term(32)],
};
export const SORT = {
  name: "priority_sort",
  input: {
    properties: {
      vectors: { type: "array", items: vector, minItems: 1 },
      priorities: { type: "array", items: { type: "number", minimum: -1, maximum: 1 }, "x-one-of-each": "vectors" },
    },
  },
  steps: [term(1), term(1.8, "vectors")],
  locations: [term(1, "vectors")],
};
/** One that the page has no fields for. */
export const ODD = { name: "odd", input: { properties: { vectors: { type: "array", items: vector }, name: { type: "string" } } } };
export const TASKS = [COPY, REPEAT, RECALL, NGRAMS, SORT, ODD];

export const machine = (id, task = "copy", bits = 8, recipe = {}) => ({ id, task, config: { bits, locations: 128 }, origin: { recipe } });
