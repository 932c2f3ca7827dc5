// Several clients of one server that record what they hear, for tests of broadcasts.

import { answerFences, type RunningServer, record, settled } from "./running-server.ts";

/** A client and its socket on the server. */
export type Pair = Awaited<ReturnType<RunningServer["pair"]>>;

/** Clients, their sockets, and what each has heard of the event x. */
export interface Crowd {
  readonly pairs: Pair[];
  readonly sockets: Pair["socket"][];
  readonly clients: Pair["client"][];
  readonly heard: unknown[][][];
  /** Resolves when everything that was sent before has arrived. */
  settle(): Promise<unknown>;
}

/** Some clients that record the event x. */
export async function crowd(server: RunningServer, size: number, nsp = ""): Promise<Crowd> {
  const pairs: Pair[] = [];
  const heard: unknown[][][] = [];
  for (let at = 0; at < size; at++) {
    const pair = await server.pair(nsp);
    answerFences(pair.client);
    heard.push(record(pair.client, "x"));
    pairs.push(pair);
  }
  const sockets = pairs.map(({ socket }) => socket);
  const clients = pairs.map(({ client }) => client);
  const settle = () => Promise.all(sockets.map(settled));
  return { pairs, sockets, clients, heard, settle };
}
