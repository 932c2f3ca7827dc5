// Long-polling: the transfer of frames, and every protocol violation with its effect on the session.

import { holds, same } from "../claims.ts";
import { type EngineCase, type EngineContext, openPolling, type PollingPeer } from "./context.ts";

const OK = { status: 200, body: "ok" };

/** Claims that a session ended as a rule says. */
async function ended(
  context: EngineContext,
  { session, sid, poll }: PollingPeer,
  [reason, text]: readonly [string, string?],
): Promise<void> {
  const { reason: told, error } = await session.closed;
  same([told, error?.message], [reason, text], "closing");
  holds(!context.engine.connections.has(sid), "the session is forgotten");
  const { status, body } = await poll().answer;
  same([status, body], [400, '{"code":1,"message":"Session ID unknown"}'], "the next poll");
}

/** Claims that a session goes on: a message each way. */
async function goesOn({ session, poll, post }: PollingPeer): Promise<void> {
  const { status, body } = await post("4still").answer;
  same({ status, body }, OK);
  same(await session.messages.next(), "still");
  session.connection.send("here");
  same((await poll().answer).body, "4here");
}

const TEXT = { "content-type": "text/plain;charset=UTF-8" };

export const pollingCases: readonly EngineCase[] = [
  {
    id: "EN10",
    title: "a GET is held until there is something to say; what is said in one turn goes together",
    async run(context) {
      const { session, poll } = await openPolling(context);
      const asked = poll();
      await context.settle();
      for (const each of ["a", "b\u00e9\u20ac", ""]) session.connection.send(each);
      const { status, headers, body } = await asked.answer;
      same([status, body], [200, "4a\u001e4b\u00e9\u20ac\u001e4"]);
      same(headers["content-type"], "text/plain; charset=UTF-8");
    },
  },
  {
    id: "EN10",
    title: "what is said between two polls waits for the next, in order",
    async run(context) {
      const { session, poll } = await openPolling(context);
      const { connection } = session;
      holds(!connection.isWritable(), "nobody polls");
      same([connection.send("a"), connection.send("b")], ["queued", "queued"]);
      same(connection.queuedBytes, 4, "queued");
      same((await poll().answer).body, "4a\u001e4b");
      same(connection.queuedBytes, 0, "queued after the poll");
    },
  },
  {
    id: "EN11",
    title: "frames of a POST are heard in order; it is answered with ok",
    async run(context) {
      const { session, post } = await openPolling(context);
      const { status, headers, body } = await post("4one\u001e4two\u20ac\u001e4").answer;
      same({ status, body }, OK);
      same(headers["content-type"], "text/html", "content type");
      const heard = [await session.messages.next(), await session.messages.next()];
      same(heard, ["one", "two\u20ac"]);
      same(await session.messages.next(), "");
    },
  },
  {
    id: "EN12",
    title: "bytes travel as base64, both ways and between texts",
    async run(context) {
      const { session, poll, post } = await openPolling(context);
      for (const each of ["a", Uint8Array.of(1, 2, 3, 4), "b"]) session.connection.send(each);
      same((await poll().answer).body, "4a\u001ebAQIDBA==\u001e4b");
      await post("bAQIDBA==\u001e4x\u001eb").answer;
      same(await session.messages.next(), Uint8Array.of(1, 2, 3, 4));
      same(await session.messages.next(), "x");
      same(await session.messages.next(), Uint8Array.of());
    },
  },
  {
    id: "EN13",
    title: "a second GET ends the session; the first is answered with a close packet",
    async run(context) {
      const peer = await openPolling(context);
      const first = peer.poll();
      await context.settle();
      const second = await peer.poll().answer;
      same([second.status, second.body], [400, ""], "second");
      const { status, body } = await first.answer;
      same([status, body], [200, "1"], "first");
      await ended(context, peer, ["transport error", "overlap from client"]);
    },
  },
  {
    id: "EN14",
    title: "a second POST ends the session",
    async run(context) {
      const peer = await openPolling(context);
      const first = context.ask("POST", peer.query, {
        body: "4a",
        isUnfinished: true,
        headers: TEXT,
      });
      await context.settle();
      same((await peer.post("4b").answer).status, 400, "second");
      await ended(context, peer, ["transport error", "data request overlap from client"]);
      first.abort();
      same(peer.session.messages.unread, [], "nothing was heard");
    },
  },
  {
    id: "EN15",
    title: "a POST of bytes ends the session",
    async run(context) {
      const peer = await openPolling(context);
      const headers = { "content-type": "application/octet-stream" };
      const { status, body } = await context.ask("POST", peer.query, { body: "4a", headers })
        .answer;
      same([status, body], [400, ""]);
      await ended(context, peer, ["transport error", "invalid content"]);
    },
  },
  {
    id: "EN16",
    title: "a POST that is too large is refused with 413, and the session goes on",
    options: { maxHttpBufferSize: 10 },
    async run(context) {
      const peer = await openPolling(context);
      // Bytes count, not characters.
      for (const body of ["4".repeat(11), "4\u20ac\u20ac\u20ac\u20ac"]) {
        same((await peer.post(body).answer).status, 413, body);
      }
      same((await peer.post("4".repeat(10)).answer).status, 200, "the largest");
      same(await peer.session.messages.next(), "4".repeat(9));
      await goesOn(peer);
    },
  },
  {
    id: "EN17",
    title: "a GET that the peer gives up ends the session",
    async run(context) {
      const peer = await openPolling(context);
      const asked = peer.poll();
      await context.settle();
      asked.abort();
      await ended(context, peer, ["transport error", "poll connection closed prematurely"]);
    },
  },
  {
    id: "EN18",
    title: "a POST that the peer gives up ends the session, and is not heard",
    async run(context) {
      const peer = await openPolling(context);
      const asked = context.ask("POST", peer.query, {
        body: "4a",
        isUnfinished: true,
        headers: TEXT,
      });
      await context.settle();
      asked.abort();
      await ended(context, peer, ["transport error", "data request connection closed prematurely"]);
      same(peer.session.messages.unread, []);
    },
  },
  {
    id: "EN24",
    title: "a POST that is still being read when the session ends is broken off, unheard",
    async run(context) {
      const peer = await openPolling(context);
      const { answer } = context.ask("POST", peer.query, {
        body: "4a",
        isUnfinished: true,
        headers: TEXT,
      });
      await context.settle();
      peer.session.connection.close("discard");
      same((await answer).status, 0);
      same(peer.session.messages.unread, []);
    },
  },
  {
    id: "EN19",
    title: "any other method is answered with 500, and the session goes on",
    async run(context) {
      const peer = await openPolling(context);
      for (const method of ["PUT", "DELETE", "OPTIONS"]) {
        const { status, body } = await context.ask(method, peer.query).answer;
        same([status, body], [500, ""], method);
      }
      await goesOn(peer);
    },
  },
  {
    id: "EN20",
    title: "a close packet ends the session in order; what follows it is not heard",
    async run(context) {
      const peer = await openPolling(context);
      const held = peer.poll();
      await context.settle();
      const { status, body } = await peer.post("4a\u001e1\u001e4b").answer;
      same({ status, body }, OK, "POST");
      const polled = await held.answer;
      same([polled.status, polled.body], [200, "6"], "GET");
      await ended(context, peer, ["transport close"]);
      same(await peer.session.messages.next(), "a");
      same(peer.session.messages.unread, []);
    },
  },
  ...["abc", "", "7", "4a\u001eabc\u001e4b", "b!"].map(
    (body): EngineCase => ({
      id: "EN21",
      title: `${JSON.stringify(body)} is no payload, and ends the session`,
      async run(context) {
        const peer = await openPolling(context);
        const held = peer.poll();
        await context.settle();
        await peer.post(body).answer;
        same((await held.answer).status, 200, "GET");
        const { reason } = await peer.session.closed;
        same(reason, "parse error");
        same(peer.session.messages.unread, body.startsWith("4a") ? ["a"] : [], "heard");
        same((await peer.poll().answer).status, 400, "the next poll");
      },
    }),
  ),
  {
    id: "EN22",
    title: "packets that say nothing to a server are passed over",
    async run(context) {
      const peer = await openPolling(context);
      await peer.post("0\u001e5\u001e6\u001e3\u001e4a").answer;
      same(await peer.session.messages.next(), "a");
      await goesOn(peer);
    },
  },
  {
    id: "EN23",
    title: "an answer may grow to any size; it is one body",
    async run(context) {
      const { session, poll } = await openPolling(context);
      const long = "x".repeat(300_000);
      for (let at = 0; at < 5; at++) session.connection.send(`${at}${long}`);
      const { body } = await poll().answer;
      const frames = String(body).split("\u001e");
      same(
        frames.map((frame) => [frame.slice(0, 2), frame.length]),
        [0, 1, 2, 3, 4].map((at) => [`4${at}`, 300_002]),
      );
    },
  },
];
