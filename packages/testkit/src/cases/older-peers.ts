// Older clients: revision 3 of Engine.IO, the callback form of polling, clients without binary support.

import { holds, same } from "../claims.ts";
import { dial, type EngineCase, openWebSocket, POLLING, WEBSOCKET } from "./context.ts";

const OLD_POLLING = "EIO=3&transport=polling";
const OLD_WEBSOCKET = "EIO=3&transport=websocket";
const OLD = { allowEIO3: true };

/** The id in the handshake of an old client's polling body, `<length>:0{…}`. */
function oldSid(body: unknown): string {
  const text = String(body);
  const [length, json] = [text.slice(0, text.indexOf(":")), text.slice(text.indexOf(":") + 1)];
  same(Number(length), json.length, "length");
  return (JSON.parse(json.slice(1)) as { sid: string }).sid;
}

export const olderPeerCases: readonly EngineCase[] = [
  {
    id: "EN90",
    title:
      "revision 3 is spoken where it is allowed: lengths before packets, counted in characters",
    options: OLD,
    async run(context) {
      const sid = oldSid((await context.ask("GET", OLD_POLLING).answer).body);
      const query = `${OLD_POLLING}&sid=${sid}`;
      const session = context.recorder.session(sid);
      same(session.connection.revision, 3);
      const posted = await context.ask("POST", query, { body: "6:4hello2:4\u20ac" }).answer;
      same([posted.status, posted.body], [200, "ok"]);
      same([await session.messages.next(), await session.messages.next()], ["hello", "\u20ac"]);
      for (const each of ["hello", "\u20ac"]) session.connection.send(each);
      same((await context.ask("GET", query).answer).body, "6:4hello2:4\u20ac");
    },
  },
  {
    id: "EN90",
    title: "revision 3 carries bytes in bodies of bytes, both ways",
    options: OLD,
    async run(context) {
      const sid = oldSid((await context.ask("GET", OLD_POLLING).answer).body);
      const query = `${OLD_POLLING}&sid=${sid}`;
      const session = context.recorder.session(sid);
      const hello = [0, 6, 0xff, 0x34, 0x68, 0x65, 0x6c, 0x6c, 0x6f];
      const body = Uint8Array.of(...hello, 1, 5, 0xff, 4, 1, 2, 3, 4);
      const headers = { "content-type": "application/octet-stream" };
      same((await context.ask("POST", query, { body, headers }).answer).status, 200);
      same(await session.messages.next(), "hello");
      same(await session.messages.next(), Uint8Array.of(1, 2, 3, 4));
      session.connection.send("hello");
      session.connection.send(Uint8Array.of(1, 2, 3, 4));
      const answer = await context.ask("GET", query).answer;
      same(answer.headers["content-type"], "application/octet-stream");
      same(answer.body, body);
    },
  },
  {
    id: "EN90",
    title: "revision 3 over a WebSocket has a type byte before bytes",
    options: OLD,
    async run(context) {
      const { peer, session } = await openWebSocket(context, OLD_WEBSOCKET);
      peer.transmit(Uint8Array.of(4, 1, 2));
      same(await session.messages.next(), Uint8Array.of(1, 2));
      session.connection.send(Uint8Array.of(1, 2));
      same(await peer.next(), Uint8Array.of(4, 1, 2));
      session.connection.send("a");
      same(await peer.next(), "4a");
    },
  },
  {
    id: "EN90",
    title: "a broken body of revision 3 ends the session",
    options: OLD,
    async run(context) {
      for (const body of ["4hello", "9:4a", "1e1:4aaaaaaaaaa", "-1:4"]) {
        const sid = oldSid((await context.ask("GET", OLD_POLLING).answer).body);
        await context.ask("POST", `${OLD_POLLING}&sid=${sid}`, { body }).answer;
        same((await context.recorder.session(sid).closed).reason, "parse error", body);
      }
    },
  },
  {
    id: "EN91",
    title: "in revision 3 the peer pings and the server answers",
    options: { ...OLD, pingInterval: 400, pingTimeout: 600 },
    async run(context) {
      const { peer, session } = await openWebSocket(context, OLD_WEBSOCKET);
      for (let beat = 0; beat < 3; beat++) {
        await context.elapse(450);
        peer.transmit("2");
        same(await peer.next(), "3");
      }
      same(session.isClosed, false);
      await context.elapse(1000);
      same((await session.closed).reason, "ping timeout");
      same(peer.unread, [], "nobody else pinged");
    },
  },
  {
    id: "EN91",
    title: "in revision 3 a pong breaks the rules",
    options: OLD,
    async run(context) {
      const { peer, session } = await openWebSocket(context, OLD_WEBSOCKET);
      peer.transmit("3");
      const { reason, error } = await session.closed;
      same([reason, error?.message], ["transport error", "invalid heartbeat direction"]);
    },
  },
  {
    id: "EN92",
    title: "polling in callback form: a script as answer, a form as message",
    async run(context) {
      const { body } = await context.ask("GET", `${POLLING}&j=7x`).answer;
      const [head, tail] = ['___eio[7]("', '");'];
      const text = String(body);
      holds(text.startsWith(head) && text.endsWith(tail), text);
      const frame = JSON.parse(text.slice(head.length - 1, -2)) as string;
      const { sid } = JSON.parse(frame.slice(1)) as { sid: string };
      const session = context.recorder.session(sid);
      const query = `${POLLING}&j=7x&sid=${sid}`;
      const form = new URLSearchParams(`d=${encodeURIComponent('4a"b\\\\nc')}`).get("d") ?? "";
      const posted = await context.ask("POST", query, { body: `d=${encodeURIComponent(form)}` })
        .answer;
      same([posted.status, posted.body], [200, "ok"]);
      same(await session.messages.next(), 'a"b\\nc');
      session.connection.send("</script>\u2028\u2029");
      same((await context.ask("GET", query).answer).body, '___eio[7]("4</script>\\u2028\\u2029");');
      same((await context.ask("POST", query, { body: "x=1" }).answer).status, 200);
      same(session.isClosed, false, "closed by a form without data");
    },
  },
  {
    id: "EN93",
    title: "a peer that cannot take bytes gets them as base64 over a WebSocket",
    async run(context) {
      const { peer, session } = await openWebSocket(context, `${WEBSOCKET}&b64=1`);
      session.connection.send(Uint8Array.of(1, 2, 3, 4));
      same(await peer.next(), "bAQIDBA==");
      peer.transmit("bAQIDBA==");
      same(await session.messages.next(), Uint8Array.of(1, 2, 3, 4));
    },
  },
  {
    id: "EN93",
    title: "text that begins with b is bytes on any transport",
    async run(context) {
      const peer = await dial(context, WEBSOCKET);
      const { sid } = JSON.parse(String(await peer.next()).slice(1)) as { sid: string };
      peer.transmit("bAQIDBA==");
      same(await context.recorder.session(sid).messages.next(), Uint8Array.of(1, 2, 3, 4));
    },
  },
];
