// What servers of a cluster say to each other about sessions of clients: the side that holds a session, and the side that was
// asked.

import { runtimeOf } from "../../../packages/core/src/api/server.ts";
import { Forwarder } from "../../../packages/server/src/forward/forwarder.ts";
import { MemoryExchange } from "../../../packages/testkit/src/memory-exchange.ts";
import type { SeededRandom } from "../../../packages/testkit/src/seeded-random.ts";
import { numberText } from "../grammar.ts";
import { mostly } from "../messages.ts";
import { body4 } from "../packets.ts";
import type { Input, Surface } from "../surface.ts";
import { relayingServer } from "./server.ts";

const OPS = [
  ...(["request", "request", "upgrade", "abort", "opened", "up", "taken", "gone"] as const),
  ...(["reply", "cut", "accepted", "refused", "down", "end"] as const),
] as const;

function sessionMessage(random: SeededRandom): Input {
  const message = {
    op: mostly(random, random.pick(OPS)),
    id: mostly(random, 1 + random.below(4)),
    head: mostly(random, {
      method: mostly(random, random.pick(["GET", "POST"])),
      url: mostly(random, `/engine.io/?EIO=4&transport=${random.pick(["polling", "websocket"])}`),
      headers: mostly(random, { cookie: mostly(random, "a=b") }),
      address: mostly(random, "::1"),
      secure: mostly(random, false),
    }),
    seq: mostly(random, random.below(3)),
    bytes: mostly(random, random.below(100)),
    error: random.once(2) ? undefined : mostly(random, "why"),
    status: mostly(random, random.once(4) ? Number(numberText(random)) : 200),
    headers: mostly(random, { a: mostly(random, ["b"]) }),
    text: mostly(random, "no"),
    how: mostly(random, random.pick(["close", "terminate"])),
    compress: mostly(random, true),
  };
  return [JSON.stringify(mostly(random, message)) ?? "null", body4(random)];
}

export const sessionMessages: Surface = {
  name: "messages about sessions",
  weight: 4,
  open() {
    const server = relayingServer();
    const faults: unknown[] = [];
    const link = {
      id: "one",
      isMember: () => true,
      tell: () => undefined,
      receiveSessions: () => {},
    };
    const forwarder = new Forwarder({
      clock: server.clock,
      link: () => link,
      maxBytes: 1_000_000,
      onLimit: () => {},
      onFault: (error) => void faults.push(error),
    });
    forwarder.serve(server.engine);
    return {
      begin() {
        server.clock.advance(2000);
        // Something that waits for the other side.
        for (const method of ["GET", "POST"]) {
          const exchange = new MemoryExchange(
            method,
            "/engine.io/?EIO=4&transport=polling&sid=x.two",
          );
          forwarder.onRequest(exchange, { limit: 1000, patience: 1000 });
        }
        return {
          make: sessionMessage,
          feed([message = "", body = ""]) {
            forwarder.onMessage("two", JSON.parse(String(message)), body);
            return "accepted";
          },
          end: () => forwarder.onNodeLeft("two"),
        };
      },
      faults: () => [...faults.splice(0), ...server.surfaced.splice(0)],
      end: () => runtimeOf(server).shutDown(),
    };
  },
};
