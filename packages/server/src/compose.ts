// Makes the classes that applications construct from a host. The only place where a host and the server meet.

import { limitListeners } from "@sockeye/events";
import { type EngineOwner, ownEngine } from "./engine-owner.ts";
import { EngineServer } from "./engine-server.ts";
import type { Host } from "./host.ts";
import { HostedServer } from "./server.ts";

/** The classes of a host. */
export interface Composed {
  /** `new Server()`, `new Server(options)`, `new Server(source, options)`. */
  readonly Server: new (
    source?: unknown,
    options?: object,
  ) => HostedServer;
  /** `new Engine(options)`: an engine on its own. */
  readonly Engine: (new (
    options?: object,
    owner?: EngineOwner,
  ) => EngineServer) &
    Pick<typeof EngineServer, "errors" | "errorMessages">;
}

/** Composes a host with the server. Call it once for each host: the classes are what `instanceof` knows. */
export function compose<HostOptions extends object>(host: Host<HostOptions>): Composed {
  if (host.listenerLimits !== undefined) limitListeners(host.listenerLimits);
  class Engine extends EngineServer {
    constructor(options: object = {}, owner: EngineOwner = ownEngine(host, options)) {
      super(owner);
    }
  }
  class Server extends HostedServer<HostOptions> {
    constructor(source?: unknown, options: object = {}) {
      super({ host, Engine }, source, options);
    }
  }
  return { Server: Server as unknown as Composed["Server"], Engine };
}
