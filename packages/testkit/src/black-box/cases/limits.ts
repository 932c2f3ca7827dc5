// What is too large, too much or too late.

import { answerOf, postOk } from "../answers.ts";
import type { BlackBoxCase, Chapter } from "../case.ts";

const SMALL = { maxHttpBufferSize: 1000 } as const;

const cases: readonly BlackBoxCase[] = [
  {
    id: "websocket",
    title: "a WebSocket message over maxHttpBufferSize: code 1009",
    rules: ["EN76", "WS2"],
    options: SMALL,
    async run(bench) {
      const { ws, id } = await bench.joined();
      ws.send("4".padEnd(1001, "x"));
      return [await bench.reason(id), await ws.closeCode()];
    },
    expected: ["transport error", 1009],
  },
  {
    id: "websocket-bytes",
    title: "bytes over maxHttpBufferSize: code 1009",
    rules: ["EN76", "WS2"],
    options: SMALL,
    async run(bench) {
      const { ws, id } = await bench.joined();
      ws.send(new Uint8Array(1001));
      return [await bench.reason(id), await ws.closeCode()];
    },
    expected: ["transport error", 1009],
  },
  {
    id: "websocket-fits",
    title: "a WebSocket message of exactly maxHttpBufferSize is taken",
    rules: ["EN76"],
    options: SMALL,
    async run(bench) {
      const { ws, id } = await bench.joined();
      ws.send(`42["fits","${"x".repeat(1000 - 13)}"]`);
      return String((await bench.heardOf(id, "fits"))[0]).length;
    },
    expected: 987,
  },
  {
    id: "post",
    title: "a POST over maxHttpBufferSize: 413, the session stays",
    rules: ["EN16"],
    options: SMALL,
    async run(bench) {
      const session = await bench.polling();
      const post = await session.post(`42["${"x".repeat(2000)}"]`);
      return { status: post.status, body: post.text, session: await session.proveOpen() };
    },
    expected: { status: 413, body: "", session: "open" },
  },
  {
    id: "post-chunked",
    title: "a POST over the limit in chunks, without a length: 413, the session stays",
    rules: ["EN16"],
    options: SMALL,
    async run(bench) {
      const session = await bench.polling();
      const chunked = { "transfer-encoding": "chunked" };
      const post = await session.post(`42["${"x".repeat(200_000)}"]`, chunked);
      return { status: post.status, session: await session.proveOpen() };
    },
    expected: { status: 413, session: "open" },
  },
  {
    id: "post-fits",
    title: "a POST of exactly maxHttpBufferSize is taken",
    rules: ["EN16"],
    options: SMALL,
    async run(bench) {
      const session = await bench.polling();
      const post = answerOf(await session.post(`42["fits","${"x".repeat(1000 - 13)}"]`));
      return { post, length: String((await bench.heardOf(session.id, "fits"))[0]).length };
    },
    expected: { post: postOk, length: 987 },
  },
  {
    id: "post-claim",
    title: "a POST that claims more than it may is answered before it is sent",
    rules: ["EN16"],
    needs: ["early 413"],
    async run(bench) {
      const session = await bench.polling();
      return await bench.statusOf(
        `POST ${session.path} HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000000\r\n\r\n`,
      );
    },
    expected: "413",
  },
  {
    id: "answer",
    title: "an answer to a poll may be larger than maxHttpBufferSize",
    rules: ["EN23"],
    options: SMALL,
    async run(bench) {
      const session = await bench.polling();
      await bench.socket(session.id, ["emit", "x", "y".repeat(5000)]);
      return (await session.poll()).text.length;
    },
    expected: 5010,
  },
  {
    id: "connect-timeout",
    title: "no CONNECT within connectTimeout ends the connection",
    rules: ["SO52"],
    options: { connectTimeout: 50 },
    async run(bench) {
      const ws = bench.websocket();
      await ws.text();
      return await ws.closeCode();
    },
    expected: 1005,
  },
  {
    id: "connect-timeout-polling",
    title: "no CONNECT within connectTimeout ends a session over polling",
    rules: ["SO52"],
    options: { connectTimeout: 50 },
    run: async (bench) => (await (await bench.handshake()).poll()).text,
    expected: "1",
  },
];

export const limits: Chapter = { feature: "limits", cases };
