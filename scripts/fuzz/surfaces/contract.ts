// Contracts: events of any kind against declared ones, whose schemas change values, refuse them, throw, and answer late.

import {
  type Contract,
  defineContract,
  type Schema,
} from "../../../packages/contract/src/contract.ts";
import { enforceContract } from "../../../packages/contract/src/enforce.ts";
import type { Socket } from "../../../packages/core/src/api/socket.ts";
import { MemoryServer } from "../../../packages/core/test/memory-server.ts";
import type { MemorySocket } from "../../../packages/testkit/src/memory-socket.ts";
import type { SeededRandom } from "../../../packages/testkit/src/seeded-random.ts";
import { jsonText, NAMES } from "../grammar.ts";
import { engineFrames } from "../packets.ts";
import type { FuzzSession, Input, Outcome, Surface } from "../surface.ts";

type Validate = Schema["~standard"]["validate"];

function schema(validate: Validate): Schema {
  return { "~standard": { version: 1, vendor: "fuzz", validate } };
}

const ISSUE = { issues: [{ message: "wrong", path: ["a", { key: 1 }] }] };
const text = schema((value) => (typeof value === "string" ? { value: value.trim() } : ISSUE));
const late = schema(async (value) => (typeof value === "number" ? { value } : ISSUE));
const faulty = schema((value) => {
  if (value === null) throw new Error("the schema's own");
  return { value };
});

const events = {
  hello: { args: [text, faulty] },
  ask: { args: [text], ack: text, errors: { FULL: late, constructor: text } },
  room: { args: [late, text], ack: late },
  a: { args: [] },
  ["__proto__"]: { args: [text] },
  toString: { args: [faulty], ack: faulty },
};
const contract: Contract = defineContract({ clientToServer: events, serverToClient: events });

class ContractSession implements FuzzSession {
  readonly #server: MemoryServer;
  #raw: MemorySocket;

  constructor(server: MemoryServer) {
    this.#server = server;
    this.#raw = this.#dial();
  }

  make(random: SeededRandom): Input {
    if (random.once(4)) return engineFrames(random);
    const id = random.once(2) ? "" : String(random.below(9));
    const kind = random.once(4) ? "43" : "42";
    const event = kind === "42" ? `${JSON.stringify(random.pick(NAMES))}` : jsonText(random);
    return [`${kind}${id}[${event}${random.once(3) ? "" : `,${jsonText(random)}`}]`];
  }

  feed(input: Input): Outcome {
    if (!this.#raw.isOpen) this.#raw = this.#dial();
    for (const frame of input) this.#raw.transmit(frame);
    (this.#raw.unread as unknown[]).length = 0;
    return this.#raw.isOpen ? "accepted" : "refused";
  }

  end(): void {
    this.#raw.cut();
  }

  #dial(): MemorySocket {
    const raw = this.#server.dial();
    raw.transmit("40");
    return raw;
  }
}

/** Answers with what it got; asks back. */
function answering(socket: Socket): void {
  socket.onAny((event: string, ...args: unknown[]) => {
    const answer = args.at(-1);
    if (typeof answer === "function") answer(args[0]);
    socket.timeout(500).emit(event === "ask" ? "ask" : "room", "x", () => {});
  });
}

export const contracts: Surface = {
  name: "contracts",
  weight: 6,
  open() {
    const server = new MemoryServer();
    enforceContract(server.of("/"), contract);
    server.of("/").on("connection", answering);
    return {
      begin() {
        server.clock.advance(600);
        return new ContractSession(server);
      },
      faults: () => server.surfaced.splice(0),
      end: () => server.end(),
    };
  },
};
