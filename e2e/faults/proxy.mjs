// A bad network: a TCP proxy that is slow, loses segments (which TCP sends again later), or goes silent without an end.

import { connect, createServer } from "node:net";

const RETRANSMISSION_MS = 200;
const SEGMENT = 1400;

export class BadNetwork {
  #server;
  #sockets = new Set();
  isSilent = false;
  port = 0;

  constructor(target, { rate = Infinity, loss = 0 } = {}) {
    this.#server = createServer((near) => {
      const far = connect(target, "127.0.0.1");
      for (const [from, to] of [
        [near, far],
        [far, near],
      ]) {
        this.#sockets.add(from);
        from.on("error", () => {});
        from.on("close", () => !this.isSilent && to.destroy());
        this.#pipe(from, to, { rate, loss });
      }
    });
  }

  #pipe(from, to, { loss, rate }) {
    let free = performance.now();
    from.on("data", (data) => {
      from.pause();
      for (let at = 0; at < data.length; at += SEGMENT) {
        const part = data.subarray(at, at + SEGMENT);
        free = Math.max(free, performance.now()) + (part.length * 1000) / rate;
        if (Math.random() < loss) free += RETRANSMISSION_MS;
        setTimeout(() => !this.isSilent && to.write(part), free - performance.now());
      }
      setTimeout(() => from.resume(), free - performance.now());
    });
  }

  async open() {
    await new Promise((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.port = this.#server.address().port;
    return this;
  }

  close() {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }
}
