/**
 * Dash, whose components stand on the islands of the page. It takes longer to begin than all the rest, so it waits for the first
 * tape; what it is told before, it hears when it is there.
 *
 * @typedef {"evaluated" | "file" | "film" | "locations" | "machine" | "machineMessage" | "machines" | "seed" | "service" | "tasks" | "training"} Told
 */

/** Its scripts, as the document has them: of a type that the browser leaves alone. */
const SCRIPTS = "script[type='tapedeck/dash']";

export class Dash {
  /** @type {Map<string, Record<string, unknown>>} */
  #waiting = new Map();
  #there = false;
  #begun = false;

  /** @param {Record<Told, string>} ids of the components that are told of things */
  constructor(ids) {
    this.ids = ids;
  }

  /** Sets properties of a component. @param {string} id @param {Record<string, unknown>} props */
  tell(id, props) {
    if (this.#there) window.dash_clientside.set_props(id, props);
    else this.#waiting.set(id, { ...this.#waiting.get(id), ...props });
  }

  /** What it was told before and has yet to hear. @param {string} id @param {string} name of the property */
  untold(id, name) {
    return this.#waiting.get(id)?.[name];
  }

  /** Runs its scripts, in their order; once. */
  async begin() {
    if (this.#begun) return;
    this.#begun = true;
    const scripts = [...document.querySelectorAll(SCRIPTS)].map((each) => /** @type {HTMLScriptElement} */ (each));
    const [named, written] = [scripts.filter(({ src }) => src), scripts.filter(({ src }) => !src)];
    await Promise.all(named.map(run));
    for (const each of written) document.body.append(Object.assign(document.createElement("script"), { textContent: each.textContent }));
  }

  /** Its components are laid out. */
  hear() {
    this.#there = true;
    for (const [id, props] of this.#waiting) window.dash_clientside.set_props(id, props);
    this.#waiting.clear();
  }
}

/** @param {HTMLScriptElement} waiting @returns {Promise<void>} */
function run({ src }) {
  return new Promise((done, failed) => {
    const script = Object.assign(document.createElement("script"), { src, async: false });
    script.onload = () => done();
    script.onerror = () => failed(new Error(`${src} could not be loaded.`));
    document.body.append(script);
  });
}
