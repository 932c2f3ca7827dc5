// `io()`: which manager serves an address, and whether a connection is shared.

import { PROTOCOL_REVISION } from "@sockeye/protocol";
import { Manager } from "./manager.ts";
import type { ClientOptions, ManagerOptions } from "./options.ts";
import type { Platform } from "./platform.ts";
import { Socket } from "./socket.ts";
import { parseAddress } from "./url.ts";

/** Makes managers for the platform of an entry point. */
export interface ManagerClass {
  new (uri?: string | ManagerOptions, options?: ManagerOptions): Manager;
  readonly prototype: Manager;
}

/** The function that a page or program begins with, and what hangs on it. */
export interface Io {
  /** A socket of the namespace that the address names, over a connection shared where that is possible. */
  (uri?: string | ClientOptions, options?: ClientOptions): Socket;
  readonly io: Io;
  readonly connect: Io;
  readonly Manager: ManagerClass;
  readonly Socket: typeof Socket;
  /** Revision of the Socket.IO protocol. */
  readonly protocol: number;
}

/** Makes the `io` function of an entry point, with a cache of its own. */
export function createIo(platform: Platform): Io {
  const managers: Map<string, Manager> = new Map();

  class PlatformManager extends Manager {
    constructor(uri?: string | ManagerOptions, options: ManagerOptions = {}) {
      if (typeof uri === "object") super(undefined, uri, platform);
      else super(uri, options, platform);
      if (this.opts.autoConnect !== false) this.open();
    }
  }

  const io = (uri?: string | ClientOptions, options: ClientOptions = {}): Socket => {
    if (typeof uri === "object") return io(undefined, uri);
    const { protocol, hostname, port, nsp } = parseAddress(uri, platform.pageLocation);
    const key = [protocol, hostname, port, options.path || "/socket.io"].join();
    const isAlone =
      options.forceNew || options["force new connection"] || options.multiplex === false;
    let manager = isAlone ? undefined : managers.get(key);
    if (!manager || (manager.hasSocket(nsp) && !options.reuse)) {
      manager = new PlatformManager(uri, options);
      if (!isAlone && !managers.has(key)) managers.set(key, manager);
    }
    return manager.socket(nsp, options);
  };

  return Object.assign(io as Io, {
    io,
    connect: io,
    Manager: PlatformManager,
    Socket,
    protocol: PROTOCOL_REVISION,
  });
}
