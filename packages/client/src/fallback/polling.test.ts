// Which packets share a request, with requests that are answered by hand.

import { beforeEach, describe, expect, test } from "vitest";
import type { Link, LinkHost } from "../engine/link.ts";
import type { TransportSetup } from "../options.ts";
import { type PollingReply, type PollingRequest, PollingTransport } from "./polling.ts";
import { createReserve, type ReserveParts } from "./reserve-link.ts";

interface Asked extends PollingRequest {
  answer(responseText: string): void;
}

let asked: Asked[];
let raised: string[];

class ByHand extends PollingTransport {
  protected request(request: PollingRequest): Promise<PollingReply> {
    return new Promise((resolve) => {
      const answer = (responseText: string): void => resolve({ status: 200, responseText });
      asked.push({ ...request, answer });
    });
  }
}

/** Lets everything run that waits for nothing but its turn. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
const posts = (): (string[] | undefined)[] =>
  asked.filter(({ body }) => body !== undefined).map(({ body }) => body?.split("\x1e"));

async function openLink(maxPayload: number): Promise<Link> {
  const nothing = (): void => {};
  const host = {
    opts: {},
    binaryType: "arraybuffer",
    create: () =>
      new ByHand({ options: {}, url: () => "http://here/" } as unknown as TransportSetup),
    onFrame: nothing,
    onClose: nothing,
    onError: nothing,
    raise: (event: string) => raised.push(event),
    drained: nothing,
    restart: nothing,
    moved: nothing,
  } as unknown as LinkHost;
  const parts = { known: [ByHand], fromBase64: () => new Uint8Array() };
  const memory = { hasUpgraded: false };
  const link = createReserve(parts as unknown as ReserveParts)(host, { memory } as never);
  link.start();
  asked[0]?.answer("0{}");
  await settled();
  link.opened({ sid: "s", upgrades: [], pingInterval: 1, pingTimeout: 1, maxPayload });
  return link;
}

const send = (link: Link, ...texts: string[]): void => {
  for (const data of texts) link.send({ type: "message", data });
};

beforeEach(() => {
  asked = [];
  raised = [];
});

describe("CL65 what is sent in one go shares a request", () => {
  test("the first as well, and volatile packets find it busy at once", async () => {
    const link = await openLink(0);
    send(link, "a");
    expect(link.transport?.writable).toBe(false);
    send(link, "b", "c");
    expect(posts()).toEqual([]);
    await settled();
    expect(posts()).toEqual([["4a", "4b", "4c"]]);
    expect(link.transport?.writable).toBe(false);
    expect(link.writeBuffer).toHaveLength(3);
  });

  test("what is sent while it is under way shares the next", async () => {
    const link = await openLink(0);
    send(link, "a");
    await settled();
    send(link, "b", "c");
    await settled();
    expect(posts()).toEqual([["4a"]]);
    expect(link.writeBuffer).toHaveLength(3);
    asked.at(-1)?.answer("ok");
    await settled();
    expect(posts()).toEqual([["4a"], ["4b", "4c"]]);
    expect(link.writeBuffer).toHaveLength(2);
  });

  test("`flush` is raised for what is handed on, `drain` when all of it has left", async () => {
    const link = await openLink(0);
    send(link, "a", "b");
    expect(raised).toEqual(["flush"]);
    await settled();
    expect(raised).toEqual(["flush", "flush"]);
    asked.at(-1)?.answer("ok");
    await settled();
    expect(raised).toEqual(["flush", "flush", "drain"]);
    expect(link.writeBuffer).toEqual([]);
    expect(link.transport?.writable).toBe(true);
  });

  test("CL62 as far as the limit allows", async () => {
    const link = await openLink(8);
    send(link, "aa", "bb", "cc", "dd");
    await settled();
    expect(posts()).toEqual([["4aa", "4bb"]]);
    asked.at(-1)?.answer("ok");
    await settled();
    expect(posts().at(-1)).toEqual(["4cc", "4dd"]);
  });

  test("not what a closed transport was about to send", async () => {
    const link = await openLink(0);
    send(link, "a");
    link.stop();
    await settled();
    expect(posts()).toEqual([["1"]]);
  });
});
