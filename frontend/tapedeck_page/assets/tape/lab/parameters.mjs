/**
 * The parameters of machines that noise can be added to, as the service lists them: asked for when a choice of them is shown.
 *
 * @typedef {import("#viewer/contract/types.mjs").ParameterDocument} Parameter
 */

import { Refused, sentenceOf, whenFree } from "../patience.mjs";
import { addressOf } from "../root.mjs";
import { worded } from "../worded.mjs";

export class Parameters extends EventTarget {
  /** Why those of the machine that was asked for last are not there. */
  problem = "";
  /** By machine: an empty list of one whose answer is on its way. @type {Map<string, Parameter[]>} */
  #known = new Map();
  #closed = new AbortController();

  /** Those with numbers of which a share can be taken; none until the service has said. @param {string} checkpoint @returns {Parameter[]} */
  of(checkpoint) {
    return this.#known.get(checkpoint) ?? [];
  }

  /** Has the service asked for those that are not known; tells `change` when there is an answer. @param {string} checkpoint */
  want(checkpoint) {
    if (!this.#known.has(checkpoint)) this.#ask(checkpoint);
  }

  /** For good. */
  close() {
    this.#closed.abort();
  }

  /** @param {string} checkpoint */
  async #ask(checkpoint) {
    const { signal } = this.#closed;
    this.#known.set(checkpoint, []);
    this.problem = "";
    try {
      const answer = await whenFree(() => fetch(addressOf(`api/checkpoints/${encodeURIComponent(checkpoint)}/parameters`), { signal }), () => {}, signal);
      const told = await answer.json();
      if (!answer.ok) throw new Refused(worded(told.error.detail));
      this.#known.set(checkpoint, told.filter((/** @type {Parameter} */ { deviation }) => deviation > 0));
    } catch (error) {
      this.#known.delete(checkpoint); // so that it is asked for again
      if (signal.aborted) return;
      this.problem = sentenceOf(error);
    }
    this.dispatchEvent(new Event("change"));
  }
}

