// Sessions on fake transports whose order the application has not asked for, and what was made for them.

import type { Engine } from "../src/engine/engine.ts";
import { headStartMs } from "../src/engine/head-start.ts";
import type { EngineOptions } from "../src/options.ts";
import { type TransportError, transportError } from "../src/transports/transport.ts";
import { type FakePlatform, type FakeTransport, handshake } from "./fake-transport.ts";

export const FAILURE: TransportError = transportError("websocket error");
/** The handshake of a server that has WebSocket too. */
export const HANDSHAKE: string = handshake({ upgrades: ["websocket"] });
/** The server is near: the shortest head start. */
export const LEAD_MS: number = headStartMs(0);

/** Begins a session, and records what its users are notified of. */
export function openEngine(
  platform: FakePlatform,
  options: EngineOptions = {},
): { engine: Engine; log: string[] } {
  const engine = platform.createSession({ hostname: "here", port: "80", ...options });
  const log: string[] = [];
  engine.on("open", () => log.push(`open ${engine.transport?.name}`));
  engine.on("error", (error: Error) => log.push(`error ${error.message}`));
  engine.on("close", (reason: string) => log.push(`close ${reason}`));
  engine.open();
  return { engine, log };
}

/** The transports made since the last time this was asked, by name. */
export function runnersOf(platform: FakePlatform): Record<string, FakeTransport> {
  const made = platform.made.splice(0) as FakeTransport[];
  return Object.fromEntries(made.map((transport) => [transport.name, transport]));
}
