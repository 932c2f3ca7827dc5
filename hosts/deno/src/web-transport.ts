// WebTransport on Deno: QUIC on the port of a server, whose sessions go to its mount. Unstable in Deno, behind a flag.

import { services } from "@sockeye/hosting/node";
import { waitFor } from "@sockeye/portable";
import type { Mount } from "@sockeye/server";
import { denoError } from "./errors.ts";

const TIMED_OUT = { closeCode: 408, reason: "no session within upgradeTimeout" } as const;

interface CloseInfo {
  readonly closeCode: number;
  readonly reason: string;
}

interface QuicConnection {
  readonly remoteAddr: { readonly hostname: string };
  readonly closed: Promise<unknown>;
  close(info: CloseInfo): void;
}

interface QuicEndpoint {
  listen(options: object): AsyncIterable<{ accept(): Promise<QuicConnection> }> & { stop(): void };
  close(info: CloseInfo): void;
}

/** The part of Deno that `--unstable-net` adds. */
interface DenoQuic {
  readonly QuicEndpoint: new (options: object) => QuicEndpoint;
  upgradeWebTransport(connection: QuicConnection): Promise<Parameters<Mount["onSession"]>[0]>;
}

/** Deno's QUIC. @throws Error `ERR_NO_QUIC` when Deno was started without it */
export function denoQuic(): DenoQuic {
  const { Deno } = globalThis as { readonly Deno?: Partial<DenoQuic> };
  if (Deno?.QuicEndpoint === undefined) throw denoError("ERR_NO_QUIC");
  return Deno as DenoQuic;
}

/** Where QUIC is served, and when clients are given up: options of `Deno.serve` and of the engine. */
export interface SessionsPlan {
  readonly hostname?: string;
  readonly port: number;
  readonly cert?: string;
  readonly key?: string;
  readonly upgradeTimeout: number;
}

/**
 * Serves QUIC. The returned function takes no more sessions, and resolves when those that are open have ended: the engine
 * has closed them.
 */
export function serveSessions(
  quic: DenoQuic,
  mount: Mount,
  { hostname = "0.0.0.0", port, cert, key, upgradeTimeout }: SessionsPlan,
): () => Promise<void> {
  const endpoint = new quic.QuicEndpoint({ hostname, port });
  // Idle connections are kept by browsers, and clients that have vanished are the heartbeat's.
  const listener = endpoint.listen({ cert, key, alpnProtocols: ["h3"] });
  const open = new Set<Promise<unknown>>();
  const upgrade = async (connection: QuicConnection): Promise<void> => {
    const closed = connection.closed.catch(() => {});
    open.add(closed);
    void closed.then(() => open.delete(closed));
    const cancel = waitFor(services.clock, upgradeTimeout, () => connection.close(TIMED_OUT));
    const session = await quic.upgradeWebTransport(connection).finally(cancel);
    mount.onSession(session, { remoteAddress: connection.remoteAddr.hostname });
  };
  const accept = async (): Promise<void> => {
    // A client that leaves during its handshake harms no other.
    for await (const incoming of listener)
      incoming
        .accept()
        .then(upgrade)
        .catch(() => {});
  };
  // It ends when the listener is stopped.
  accept().catch(() => {});
  return async () => {
    listener.stop();
    await Promise.all(open);
    endpoint.close({ closeCode: 0, reason: "" });
  };
}
