// Random bad input, repeatable by its seed (FUZZ_SEED), bounded in number: whatever comes of it for its own
// connection must be something documented, and nothing may come of it for anybody else.

import { SeededRandom } from "@sockeye/testkit";
import { handshakeHead } from "@sockeye/testkit/black-box";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mutated, randomBytes } from "../kit/mutated-bytes.ts";
import { fetchRaw } from "../kit/raw-http.ts";
import { openTcp } from "../kit/raw-tcp.ts";
import { Arena, attackedServers, BASE } from "./arena.ts";

const SEED = Number(process.env.FUZZ_SEED ?? 20261121);

/** Valid things to be made invalid. */
const packets: readonly [string, ...string[]] = [
  '42["hello","world",{"a":[1,2,null]}]',
  '4213["ask",1]',
  '451-["x",{"_placeholder":true,"num":0}]',
  '452-/side,7["x",[{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}]]',
  '40/side,{"token":"x"}',
  "40/side,",
  '43/side,7["ok"]',
  "41/side,",
  '44{"message":"x"}',
  "3",
  "6",
  "bAQIDBA==",
];

const requests: readonly [string, ...string[]] = [
  `GET ${BASE}&transport=polling HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
  `POST ${BASE}&transport=polling&sid=x HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 3\r\n\r\n42[`,
  handshakeHead(`${BASE}&transport=websocket`),
  handshakeHead(`${BASE}&transport=websocket&sid=abc`),
  "GET /socket.io/socket.io.js HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
];

for (const name of attackedServers) {
  describe(`fuzz with seed ${SEED}, ${name}`, () => {
    let arena: Arena;
    beforeAll(async () => {
      arena = await Arena.open(name);
    });
    afterAll(() => arena[Symbol.asyncDispose]());

    test("frames by WebSocket", async () => {
      const random = new SeededRandom(SEED);
      for (let round = 0; round < 60; round++) {
        const { ws } = await arena.joined();
        using socket = ws;
        for (let n = 0; n < 8; n++) {
          const frame = mutated(random, Buffer.from(random.pick(packets)));
          socket.send(random.below(4) === 0 ? frame : frame.toString("utf8"));
        }
        // An engine close is asked for last, so a connection that has survived ends here too.
        socket.send("1");
        socket.close();
        expect([1002, 1005, 1007, 1009], `round ${round}`).toContain(await socket.closeCode());
        if (round % 20 === 0) await arena.expectUnharmed();
      }
      await arena.expectUnharmed();
    });

    test("bodies by polling", async () => {
      const random = new SeededRandom(SEED + 1);
      for (let round = 0; round < 80; round++) {
        const path = await arena.pollingPath();
        const body = Array.from({ length: 1 + random.below(4) }, () =>
          mutated(random, Buffer.from(random.pick(packets))),
        );
        const joined = Buffer.concat(body.flatMap((part) => [part, Buffer.from("\u001e")]));
        const outcome = await fetchRaw(arena.port, {
          method: "POST",
          path,
          body: random.below(3) === 0 ? randomBytes(random, 200) : joined,
        }).then(
          (response) => response.status,
          () => "cut",
        );
        expect([200, 400, 413, "cut"], `round ${round}`).toContain(outcome);
        await fetchRaw(arena.port, { method: "POST", path, body: "1" });
        if (round % 20 === 0) await arena.expectUnharmed();
      }
      await arena.expectUnharmed();
    });

    test("queries and headers", async () => {
      const random = new SeededRandom(SEED + 2);
      for (let round = 0; round < 150; round++) {
        using tcp = await openTcp(arena.port);
        tcp.write(mutated(random, Buffer.from(random.pick(requests))));
        // Half a request would wait for its other half.
        tcp.end();
        const answer = await tcp.head();
        expect(answer, `round ${round}`).toMatch(
          /^($|HTTP\/1\.1 (101|200|304|400|403|404|405|413|426|431|500|505) )/,
        );
        if (round % 30 === 0) await arena.expectUnharmed();
      }
      await arena.expectUnharmed();
    });
  });
}
