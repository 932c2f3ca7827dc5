// The runtime of a server: its namespaces, its engines, and the creation of peers for connections. For hosts, not
// users.

import { type Connection, Engine, type EngineHooks, type EngineOptions } from "@sockeye/engine";
import type { ServerPlatform, Services } from "../base/services.ts";
import type { Membership } from "./membership.ts";
import { Peer } from "./peer.ts";
import type { PeerContext } from "./peer-context.ts";
import type { PeerConnection } from "./peer-parts.ts";
import type { SavedPeer } from "./saved-peer.ts";
import { SlowClients, type SlowClientsOptions } from "./slow-clients.ts";
import { unsettledConnections } from "./unsettled.ts";

/** The part of the server that the runtime uses. */
export interface RuntimeOwner extends Omit<PeerContext<Peer>, "services" | "slow"> {
  /** The memberships of all namespaces. */
  memberships(): Iterable<Membership>;
}

/** An engine that is closed with the server. */
interface Closable {
  close?(): unknown;
}

/** The runtime of a server. */
export class Runtime {
  readonly services: Services;
  /** How long a client may take to join its first namespace, in milliseconds. */
  connectTimeout: number;
  readonly #platform: ServerPlatform;
  readonly #owner: RuntimeOwner;
  readonly #context: PeerContext<Peer>;
  readonly #engines: Closable[] = [];
  #isShutDown = false;

  constructor(
    made: {
      readonly services: Services;
      readonly platform: ServerPlatform;
      readonly connectTimeout: number;
      readonly slow: SlowClientsOptions;
    },
    owner: RuntimeOwner,
  ) {
    this.services = made.services;
    this.connectTimeout = made.connectTimeout;
    this.#platform = made.platform;
    this.#owner = owner;
    this.#context = {
      services: made.services,
      slow: new SlowClients(made.slow, made.services.diagnostics),
      find: (name, auth, found) => owner.find(name, auth, found),
      patternOf: (name) => owner.patternOf(name),
      again: (name, pattern) => owner.again(name, pattern),
    };
  }

  /**
   * Creates an engine whose connections become peers of this server; `onPeer` is called with each, and with whether it is
   * one that is set up again.
   */
  createEngine(
    options: EngineOptions,
    hooks: Omit<EngineHooks, "onConnection">,
    onPeer?: (peer: Peer, connection: Connection, isRevived: boolean) => void,
  ): Engine {
    const onFault = (error: unknown): void => this.#platform.surface(error);
    const { deadlines, engineDiagnostics: diagnostics } = this.services;
    const platform = { ...this.#platform, deadlines, diagnostics, onFault };
    const engine = new Engine(options, platform, {
      ...hooks,
      onConnection: (connection) => {
        const peer = this.admit(connection);
        onPeer?.(peer, connection, false);
        return peer;
      },
      onRevived: (connection, data) => {
        const peer = new Peer(connection, this.#context);
        onPeer?.(peer, connection, true);
        try {
          peer.revive(data as SavedPeer, this.connectTimeout);
        } catch (error) {
          // The data are broken: no socket of them may stay behind.
          peer.onReleased();
          throw error;
        }
        return peer;
      },
    });
    this.#engines.push(engine);
    if (this.#isShutDown) this.#reopen();
    return engine;
  }

  /** Registers another engine, to be closed with the server. */
  closeWithServer(engine: Closable): void {
    this.#engines.push(engine);
  }

  /** Creates the peer of a connection. */
  admit(connection: PeerConnection): Peer {
    const peer = new Peer(connection, this.#context);
    peer.start(this.connectTimeout);
    return peer;
  }

  /** Whether the adapters know the other servers, or do not wait for them. */
  get isReady(): boolean {
    for (const membership of this.#owner.memberships()) if (!membership.isReady) return false;
    return true;
  }

  /** The connections on which something has been asked and not answered, in either direction. */
  unsettled(): ReadonlySet<PeerConnection> {
    return unsettledConnections(this.#owner.memberships());
  }

  /** Disconnects every socket with `server shutting down`, closes the adapters, then the connections. */
  async shutDown(): Promise<void> {
    const { walks } = this.services;
    this.#isShutDown = true;
    if (walks.isGoingOn) await new Promise<void>((resolve) => walks.after(resolve));
    // One adapter that fails must not leave the others' connections open: it is reported.
    await Promise.all(
      [...this.#owner.memberships()].map((membership) => {
        membership.shutDown();
        return membership.closeAdapter();
      }),
    );
    for (const engine of this.#engines) engine.close?.();
  }

  /** The server is attached to an HTTP server again. */
  #reopen(): void {
    this.#isShutDown = false;
    for (const membership of this.#owner.memberships()) {
      membership.guard("init", (adapter) => adapter.init());
    }
  }
}
