// What the pages of these tests have besides the client under test. `plan` stands in the page: the client, and the hash of
// the server's certificate.
(() => {
  const { client, hash } = globalThis.plan;
  const name = client === "stock" ? "webtransport" : globalThis.WebTransportOfOurs;
  const certificate = { algorithm: "sha-256", value: new Uint8Array(hash) };

  globalThis.world = {
    client,
    upgradeErrors: [],
    options: { serverCertificateHashes: [certificate] },

    /** A connected socket. `transports`: `"webtransport"` stands for whatever the client has in its place. */
    async connect(transports, more = {}) {
      const socket = globalThis.io({
        transports: transports.map((each) => (each === "webtransport" ? name : each)),
        transportOptions: { webtransport: world.options },
        forceNew: true,
        reconnection: false,
        ...more,
      });
      socket.io.engine.on("upgradeError", (error) => world.upgradeErrors.push(error.message));
      await new Promise((resolve, reject) => {
        socket.on("connect", resolve);
        socket.on("connect_error", (error) =>
          reject(new Error(`${error.message}: ${error.description}`)),
        );
      });
      return socket;
    },

    /** Sessions are not ready before the returned function is called: until then a connection stays where it is. */
    hold() {
      let release;
      const released = new Promise((resolve) => {
        release = resolve;
      });
      globalThis.WebTransport = class extends globalThis.WebTransport {
        get ready() {
          return super.ready.then(() => released);
        }
      };
      return release;
    },

    once: (emitter, event) =>
      new Promise((resolve) => emitter.once(event, (...args) => resolve(args))),

    /** What the server has seen since it was asked last. */
    log: async () => (await fetch("/log")).json(),

    /** A session of the platform's own, and how it has ended. */
    async session(path, use = async () => {}) {
      const began = performance.now();
      const session = new WebTransport(location.origin + path, world.options);
      const ended = session.closed.then(
        () => "closed",
        () => "closed",
      );
      // The server may be quicker with its end than the browser with its notice.
      await session.ready.then(() => use(session)).catch(() => {});
      await ended;
      return Math.round(performance.now() - began);
    },
  };
})();
