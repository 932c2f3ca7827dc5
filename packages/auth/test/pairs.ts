// Real servers and clients, ours and Socket.IO's in every combination, with a namespace that the test has prepared.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as ourClient from "@sockeye/client";
import * as ours from "@sockeye/node";
import { SignJWT } from "jose";
import * as theirs from "socket.io";
import * as theirClient from "socket.io-client";
import { onTestFinished } from "vitest";

/** A server and a client. */
export interface Pair {
  readonly server: { readonly Server: unknown };
  readonly client: { readonly io: unknown };
}

export const PAIRS: [string, Pair][] = [
  ["Sockeye with its client", { server: ours, client: ourClient }],
  ["Sockeye with Socket.IO's client", { server: ours, client: theirClient }],
  ["Socket.IO with its client", { server: theirs, client: theirClient }],
  ["Socket.IO with Sockeye's client", { server: theirs, client: ourClient }],
];

/** Does something when the test has ended, the last first. */
export function afterTest(close: () => unknown): void {
  onTestFinished(async () => {
    await close();
  });
}

/** A server of a pair, and its port. */
export async function serve(
  pair: Pair,
  options: Partial<ours.ServerOptions> = {},
): Promise<{ io: ours.Server; port: number; connect: Connect }> {
  const http = createServer();
  const io = new (pair.server.Server as typeof ours.Server)(http, options);
  afterTest(() => io.close());
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const { port } = http.address() as AddressInfo;
  const connect: Connect = (clientOptions, path = "") => {
    const client = (pair.client.io as typeof ourClient.io)(`http://127.0.0.1:${port}${path}`, {
      ...{ transports: ["websocket"], reconnection: false, forceNew: true },
      ...clientOptions,
    });
    afterTest(() => client.disconnect());
    return client;
  };
  return { io, port, connect };
}

type Connect = (
  options: Partial<ourClient.ManagerOptions & ourClient.SocketOptions>,
  path?: string,
) => ourClient.Socket;

/** The first of an event of a client. */
export function first(client: ourClient.Socket, event: string): Promise<unknown> {
  return new Promise((resolve) => client.once(event, resolve));
}

/** The `data` of the error with which a client does not get in; `undefined` when it does. */
export async function refusal(client: ourClient.Socket): Promise<unknown> {
  return Promise.race([
    first(client, "connect").then(() => undefined),
    first(client, "connect_error").then((error) => (error as { data?: unknown }).data),
  ]);
}

export const SECRET = "a secret of more than thirty-two bytes";

/** A token of the given claims, signed with the secret. `exp` in milliseconds. */
export function token(
  { exp, ...claims }: { exp?: number; [claim: string]: unknown },
  secret: string = SECRET,
): Promise<string> {
  const made = new SignJWT({ sub: "ada", iss: "here", ...claims });
  if (exp !== undefined) made.setExpirationTime(exp / 1000);
  return made.setProtectedHeader({ alg: "HS256" }).sign(new TextEncoder().encode(secret));
}
