// What every emitter must do with a cluster of three servers, whoever has written it.

import type { ClusterClient } from "@sockeye/testkit";
import { expect } from "vitest";
import type { ProcessCluster } from "./process-cluster.ts";

/** What is sent to some of the sockets. Emitters of ours return promises. */
interface Sending {
  emit(event: string, ...args: unknown[]): unknown;
  socketsJoin(rooms: string | string[]): unknown;
  socketsLeave(rooms: string | string[]): unknown;
  disconnectSockets(): unknown;
}

/** What emitters have in common, those of Socket.IO included. */
export interface AnyEmitter extends Sending {
  of(nsp: string): { readonly volatile: Pick<Sending, "emit"> };
  to(room: string): Sending;
  in(room: string): Sending;
  except(room: string): Sending;
  serverSideEmit(event: string, ...args: unknown[]): unknown;
}

/** Drives the first two servers of a cluster by an emitter. */
export async function runEmitterCase(host: ProcessCluster, emitter: AnyEmitter): Promise<void> {
  await using context = await host.start();
  const [one, two] = context.members;
  const [a, b] = [await one.connect(), await two.connect()];
  const other = await one.connect("/other");
  const heard = (...clients: ClusterClient[]) => Promise.all(clients.map((each) => each.next()));
  const bytes = Buffer.from([1, 2, 255]);
  emitter.emit("x", 1, "é");
  expect(await heard(a, b)).toEqual(Array(2).fill(["x", 1, "é"]));
  emitter.emit("bytes", bytes);
  for (const [, data] of await heard(a, b)) expect(Buffer.from(data as Buffer)).toEqual(bytes);
  emitter.except(a.id).socketsJoin(["r", "s"]);
  emitter.to("r").emit("y");
  expect(await heard(b)).toEqual([["y"]]);
  emitter.in("s").socketsLeave("r");
  emitter.to("r").emit("z");
  emitter.of("/other").volatile.emit("w");
  expect(await heard(other)).toEqual([["w"]]);
  emitter.serverSideEmit("side", 7);
  await expect.poll(() => one.do({ op: "side heard" })).toEqual([[7]]);
  emitter.in("s").disconnectSockets();
  await b.left;
  emitter.emit("last");
  expect(await heard(a)).toEqual([["last"]]);
  expect(() => emitter.serverSideEmit("x", () => {})).toThrow("Acknowledgements are not supported");
}
