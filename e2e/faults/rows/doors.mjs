// Everything before a session: headers, bodies, handshakes, guesses, files.

import {
  frame,
  handshakeHead,
  head,
  isOver,
  news,
  POLLING,
  pause,
  WEBSOCKET,
  write,
} from "../wire.mjs";

/** Connections that write something, then next to nothing. */
const slow = (title, begin, more = () => "") => ({
  title,
  async attack({ scale, wires }) {
    const count = Math.round(500 * scale);
    const sockets = [];
    await wires.times(count, 50, async () => {
      const socket = await wires.connect();
      sockets.push(socket);
      await write(socket, await begin(wires));
    });
    const until = performance.now() + 10_000 * scale;
    while (performance.now() < until) {
      for (const socket of sockets) if (!isOver(socket)) socket.write(more());
      await pause(1000); // A byte a second is the attack.
    }
    const open = sockets.filter((socket) => !isOver(socket)).length;
    return { inputs: count, survivors: `${open} still open after ${(10 * scale).toFixed(0)} s` };
  },
});

const letters = () => "x";

export const doorRows = [
  slow("slowloris: 500 on headers", () => `GET ${POLLING} HTTP/1.1\r\nHost: x\r\nX-A: `, letters),
  slow(
    "slowloris: 500 on bodies",
    async (wires) =>
      head("POST", `${POLLING}&sid=${await wires.session()}`, {
        Host: "x",
        "Content-Length": 900_000,
      }),
    letters,
  ),
  slow(
    "slowloris: 500 on upgrades",
    () => `${handshakeHead(WEBSOCKET).slice(0, -4)}\r\nX-A: `,
    letters,
  ),
  {
    title: "slowloris: 500 on frames",
    async attack({ scale, wires }) {
      const count = Math.round(500 * scale);
      const sockets = [];
      await wires.times(count, 50, async () => {
        const socket = await wires.joined();
        socket.resume();
        sockets.push(socket);
        await write(socket, Buffer.from(frame({ claim: 900_000n, payload: "4" })));
      });
      const until = performance.now() + 10_000 * scale;
      while (performance.now() < until) {
        for (const socket of sockets) if (!isOver(socket)) socket.write("x");
        await pause(1000); // A byte a second is the attack.
      }
      const open = sockets.filter((socket) => !isOver(socket)).length;
      return { inputs: count, survivors: `${open} still open after ${(10 * scale).toFixed(0)} s` };
    },
  },
  {
    title: "refused upgrades that stay: 500",
    async attack({ server, scale, wires }) {
      const count = Math.round(500 * scale);
      const sockets = [];
      const paths = [`${WEBSOCKET}&sid=nobody`, "/socket.io/?EIO=4&transport=x", "/elsewhere"];
      await wires.times(count, 50, async (at) => {
        const socket = await wires.connect();
        sockets.push(socket);
        // Bytes that nobody reads.
        await write(socket, `${handshakeHead(paths[at % paths.length])}unread`);
      });
      await pause(4000); // Refused ones have half a second.
      const { descriptors } = await server.ask("settle");
      // Four healthy clients: two WebSockets, and up to two connections each for polling.
      const held = Math.max(0, descriptors - 6);
      return {
        inputs: count,
        survivors: `${held} still held after 4 s`,
        problems: held > 10 ? ["descriptors are held"] : [],
      };
    },
  },
  {
    title: "1e5 guesses of a sid; a second WebSocket and a POST for a session of another one",
    async attack({ scale, wires }) {
      const count = Math.round(100_000 * scale);
      const width = 20;
      let [hits, inputs] = [0, 0];
      const until = performance.now() + 40_000;
      await wires.times(width, width, async (worker) => {
        const socket = await wires.connect();
        while (inputs < count && performance.now() < until && !isOver(socket)) {
          let batch = "";
          for (let n = 0; n < 50; n++) {
            const sid = Buffer.from(`${worker}-${inputs + n}-guess!`)
              .toString("base64url")
              .slice(0, 20);
            batch += head("GET", `${POLLING}&sid=${sid}`, { Host: "x" });
          }
          inputs += 50;
          let text = "";
          socket.write(batch);
          while ((text.match(/HTTP\/1\.1/g) ?? []).length < 50 && !isOver(socket)) {
            const more = await news(socket, "}", 3000);
            if (more === "") break;
            text += more;
          }
          hits += (text.match(/HTTP\/1\.1 200/g) ?? []).length;
        }
      });
      const sid = await wires.session();
      const first = await wires.connect();
      first.write(handshakeHead(`${WEBSOCKET}&sid=${sid}`));
      await news(first, "101");
      const second = await wires.connect();
      second.write(handshakeHead(`${WEBSOCKET}&sid=${sid}`));
      const answer = await news(second, "HTTP/1.1", 2000);
      await write(second, frame({ payload: "2probe" }));
      const probed = await news(second, "3probe", 1000);
      const problems = hits > 0 ? [`${hits} guesses were right`] : [];
      if (probed.includes("3probe")) problems.push("a second WebSocket was probed");
      return {
        inputs,
        survivors: `${hits} hits; second WebSocket: ${answer.slice(9, 12) || "cut"}`,
        problems,
      };
    },
  },
  {
    title: "header injection, path traversal, mixed EIO versions, repeated query keys",
    options: { cors: { origin: true } },
    async attack({ wires }) {
      const problems = [];
      const sid = await wires.session();
      const requests = [
        ["GET", `/socket.io/../../../../etc/passwd`],
        ["GET", `/socket.io/%2e%2e/%2e%2e/package.json`],
        ["GET", `/socket.io/..%2fpackage.json`],
        ["GET", `/socket.io/socket.io.js%00.map`],
        ["GET", POLLING, { headers: { Origin: "http://x\u000bInjected: 1" } }],
        ["GET", `/socket.io/?EIO=3&transport=polling&sid=${sid}`],
        ["POST", `/socket.io/?EIO=3&transport=polling&sid=${sid}`, { body: "1:2" }],
        ["GET", `${POLLING}&transport=websocket&transport=polling&EIO=3&EIO=4`],
        ["GET", `${POLLING}&sid=a&sid=b&sid=__proto__`],
        ["GET", `${POLLING}&%0d%0aInjected:%201`],
      ];
      for (const [method, path, more] of requests) {
        const answer = await wires.request(method, path, { patience: 1500, ...more });
        if (/^Injected:/im.test(answer)) problems.push(`injected by ${path}`);
        if (/root:|"workspaces"/.test(answer)) problems.push(`a file by ${path}`);
        if (answer.startsWith("HTTP/1.1 5")) problems.push(`${answer.slice(9, 12)} for ${path}`);
      }
      return { inputs: requests.length, problems };
    },
  },
  {
    title: "a handshake of another origin with cookies",
    isOnlyOurs: "Socket.IO accepts it",
    async attack({ wires }) {
      const socket = await wires.connect();
      const upgrade = handshakeHead(WEBSOCKET).replace(
        "\r\n\r\n",
        "\r\nOrigin: http://evil.example\r\nCookie: a=b\r\n\r\n",
      );
      socket.write(upgrade);
      const [answer] = [await news(socket, "HTTP/1.1", 2000)];
      const isRefused = /^HTTP\/1\.1 4\d\d/.test(answer);
      return {
        inputs: 1,
        survivors: answer.slice(9, 12),
        problems: isRefused ? [] : ["it was accepted"],
      };
    },
  },
  {
    title: "gzip bodies",
    async attack({ scale, wires }) {
      const { gzipSync } = await import("node:zlib");
      const body = gzipSync(Buffer.alloc(50 * 1024 * 1024, 0x34), { level: 9 });
      const count = Math.max(1, Math.round(20 * scale));
      await wires.times(count, 4, async () => {
        const path = `${POLLING}&sid=${await wires.session()}`;
        await wires.request("POST", path, {
          body,
          headers: { "Content-Encoding": "gzip" },
          patience: 3000,
        });
      });
      return { inputs: count };
    },
  },
];
