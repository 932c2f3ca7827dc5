// What every test page has besides the bundle under test: a record of everything that has happened to its
// sockets, which tests read whenever they like, and a call to the test's server each time the page is shown.
(() => {
  /** Keeps named entries in order; `take` waits for the next one of a name, past or future. */
  class Inbox {
    #entries = [];
    #waiters = [];

    push(name, ...args) {
      const index = this.#waiters.findIndex((waiter) => waiter.name === name);
      if (index < 0) this.#entries.push({ name, args });
      else this.#waiters.splice(index, 1)[0].resolve(args);
    }

    take(name) {
      const index = this.#entries.findIndex((entry) => entry.name === name);
      if (index >= 0) return Promise.resolve(this.#entries.splice(index, 1)[0].args);
      return new Promise((resolve) => this.#waiters.push({ name, resolve }));
    }

    kept(name) {
      return this.#entries.filter((entry) => entry.name === name).map(({ args }) => args);
    }

    names() {
      return this.#entries.map(({ name }) => name);
    }
  }

  const inbox = new Inbox();
  const managers = new Set();
  const outcomes = [];

  const world = {
    io: globalThis.io,
    inbox,
    socket: undefined,
    statuses: [],
    seenAt: 0,

    note(name) {
      const outcome = world.socket.emitWithAck("note", name).then(
        () => [name, "answered"],
        () => [name, "refused"],
      );
      outcomes.push(outcome);
    },

    outcomes: () => Promise.all(outcomes),

    connect(options, address) {
      const socket = globalThis.io(address, options);
      world.socket = socket;
      world.watch(socket);
      return socket;
    },

    watch(socket) {
      socket.on("connect", () => inbox.push("connect", socket.id, socket.recovered === true));
      socket.on("disconnect", (reason) => inbox.push("disconnect", reason));
      socket.on("connect_error", ({ message, data }) =>
        inbox.push("connect_error", message, ...(data === undefined ? [] : [data])),
      );
      socket.onAny((name, ...args) => inbox.push(name, ...args));
      // Only what was asked for has a function.
      socket.on("news", (...args) => typeof args.at(-1) === "function" && args.at(-1)());
      // Socket.IO's client has no status.
      socket.onStatus?.((status) => world.statuses.push({ at: Date.now(), ...status }));
      if (managers.has(socket.io)) return;
      managers.add(socket.io);
      for (const name of ["reconnect_attempt", "reconnect", "reconnect_error", "reconnect_failed"])
        socket.io.on(name, (about) => inbox.push(name, about?.message ?? about));
      socket.io.on("ping", () => inbox.push("ping"));
      const follow = () =>
        socket.io.engine.on("upgrade", (transport) => inbox.push("upgrade", transport.name));
      if (socket.io.engine) follow();
      socket.io.on("open", () => inbox.push("open", socket.io.engine.transport.name));
      socket.io.on("reconnect_attempt", () => queueMicrotask(follow));
    },

    async show(value) {
      if (value instanceof ArrayBuffer) return { ArrayBuffer: [...new Uint8Array(value)] };
      if (value instanceof Blob)
        return { Blob: [...new Uint8Array(await value.arrayBuffer())], type: value.type };
      if (ArrayBuffer.isView(value)) return { [value.constructor.name]: [...value] };
      if (Array.isArray(value)) return await Promise.all(value.map(world.show));
      if (typeof value !== "object" || value === null) return value;
      const members = Object.entries(value).map(async ([key, each]) => [
        key,
        await world.show(each),
      ]);
      return Object.fromEntries(await Promise.all(members));
    },
  };
  globalThis.world = world;

  // Captured, and before the client listens: what a page does as soon as it is seen.
  const seen = () => {
    if (document.hidden) return;
    world.seenAt = Date.now();
    world.onSeen?.();
  };
  for (const type of ["visibilitychange", "resume"]) addEventListener(type, seen, true);

  addEventListener("pageshow", ({ persisted }) => {
    const isConnected = world.socket?.connected ?? null;
    navigator.sendBeacon(
      "/shown",
      JSON.stringify({
        path: location.pathname,
        persisted,
        isConnected,
        state: world.socket?.status?.state ?? null,
      }),
    );
  });

  // For pages that are left and come back, perhaps loaded anew: the page itself connects.
  const plan = new URLSearchParams(location.search).get("connect");
  if (plan !== null) world.connect(JSON.parse(plan));
})();
