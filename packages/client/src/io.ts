// `io()`: chooses the manager for an address, an existing one where its connection can be shared.

import { PROTOCOL_REVISION } from "@sockeye/protocol";
import { Manager } from "./manager.ts";
import type { ClientOptions, ManagerOptions } from "./options.ts";
import type { Platform } from "./platform.ts";
import type { Socket } from "./socket.ts";

/** The class of managers of an entry point. It connects at once unless `autoConnect` is off. */
interface ManagerClass {
  new (uri?: string | ManagerOptions, options?: ManagerOptions): Manager;
  readonly prototype: Manager;
}

/** The function that a page or program begins with, and what hangs on it. */
export interface Io {
  /** A socket of the namespace that the address names, over a shared connection where that is possible. */
  (uri?: string | ClientOptions, options?: ClientOptions): Socket;
  /** The function itself. */
  readonly io: Io;
  /** The function itself. */
  readonly connect: Io;
  /** The class of managers. */
  readonly Manager: ManagerClass;
  /** The class of sockets. */
  readonly Socket: typeof Socket;
  /** Revision of the Socket.IO protocol. */
  readonly protocol: number;
}

/** Makes the `io` function of an entry point. It remembers the first manager of each scheme, host, port and path. */
export function createIo(platform: Platform): Io {
  const managers: Record<string, Manager> = {};

  class PlatformManager extends Manager {
    constructor(uri?: string | ManagerOptions, options: ManagerOptions = {}) {
      if (typeof uri === "object") super(undefined, uri, platform);
      else super(uri, options, platform);
      if (this.opts.autoConnect !== false) this.open();
    }
  }

  const io = (uri?: string | ClientOptions, options: ClientOptions = {}): Socket => {
    if (typeof uri === "object") return io(undefined, uri);
    const { protocol, hostname, port, nsp } = platform.addressOf(uri, options);
    const key = [protocol, hostname, port, options.path || "/socket.io"].join();
    const isAlone =
      options.forceNew || options["force new connection"] || options.multiplex === false;
    const known = managers[key];
    const isShared = known && !isAlone && (options.reuse || !known.sockets[nsp]);
    const manager = isShared ? known : new PlatformManager(uri, options);
    if (!isAlone) managers[key] ??= manager;
    return manager.socket(nsp, options);
  };

  return Object.assign(io as Io, {
    io,
    connect: io,
    Manager: PlatformManager,
    Socket: platform.socketClass,
    protocol: PROTOCOL_REVISION,
  });
}
