/** A service to hold a stream against: what it says goes through sockets that the test opens, delays and cuts. */

/** Sockets that are made in one test. `made` holds them, the newest last. */
export function socketClass() {
  return class Socket {
    static CONNECTING = 0;
    static OPEN = 1;
    static CLOSED = 3;
    /** @type {Socket[]} */
    static made = [];

    constructor(url) {
      Object.assign(this, { url, readyState: Socket.CONNECTING, sent: [] });
      Socket.made.push(this);
    }

    /** From the page. A socket that is not open takes nothing. */
    send(text) {
      if (this.readyState !== Socket.OPEN) throw new Error("The socket is not open.");
      this.sent.push(JSON.parse(text));
    }

    open() {
      this.readyState = Socket.OPEN;
      this.onopen();
    }

    cut() {
      this.readyState = Socket.CLOSED;
      this.onclose();
    }

    /** From the page: for good. */
    close() {
      this.readyState = Socket.CLOSED;
    }

    /** To the page: a message, or the bytes of a frame. */
    say(message) {
      this.onmessage({ data: message instanceof ArrayBuffer ? message : JSON.stringify(message) });
    }
  };
}

/** A listener that writes down what it is told, a frame as the number in its first byte. */
export function notebook() {
  const told = [];
  return {
    told,
    header: ({ name }) => told.push(`header ${name}`),
    frame: (message) => told.push(`frame ${new Uint8Array(message)[0]}`),
    done: ({ wrong }) => told.push(`done ${wrong}`),
    fault: ({ detail }) => told.push(`fault ${detail}`),
    away: (running, { kind }) => told.push(`${running ? "away, running" : "away"}${kind === "down" ? "" : `: ${kind}`}`),
    back: () => told.push("back"),
    busy: (seconds) => told.push(`busy ${seconds}`),
  };
}

/** The service at the other end of one socket: messages are on their way until the test lets them arrive. */
export class Service {
  constructor(socket) {
    Object.assign(this, { socket, read: 0, run: null, then: [], left: 0, coming: [] });
  }

  /** The next message of the page arrives. */
  hear() {
    const message = this.socket.sent[this.read];
    if (!message) return;
    this.read += 1;
    if (message.type === "run") {
      if (this.run !== null) throw new Error("A run was asked for while another one goes on.");
      this.then = [...(message.then ?? [])];
      this.#begin(Number(message.checkpoint) || message.sequence);
    } else if (message.type === "cancel" && this.run !== null) {
      this.run = null;
      this.coming.push({ type: "cancelled" });
    }
  }

  /** @param {number} run the machine, where it has a number, or what it runs on */
  #begin(run) {
    Object.assign(this, { run, left: 3 });
    this.coming.push({ type: "header", name: run });
  }

  /** The machine computes another step. */
  compute() {
    if (this.run === null) return;
    if (this.left-- > 0) {
      this.coming.push(Uint8Array.of(this.run).buffer);
    } else {
      this.coming.push({ type: "done", wrong: this.run });
      this.run = null;
      if (this.then.length > 0) this.#begin(Number(this.then.shift()));
    }
  }

  /** The next message to the page arrives. */
  deliver() {
    if (this.coming.length > 0) this.socket.say(this.coming.shift());
  }
}
