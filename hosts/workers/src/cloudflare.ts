// The used part of Cloudflare's API, written here so that the declarations of an installed server need no types of Cloudflare.

import type { WebSocketLike } from "@sockeye/hosting";
import type { AlarmStorage, SqlStorage } from "@sockeye/hosting/hibernation";

/** The object's storage. */
interface ObjectStorage extends SqlStorage, AlarmStorage {}

/** A WebSocket whose object may hibernate. */
export interface ObjectWebSocket extends WebSocketLike {
  serializeAttachment(value: unknown): void;
  deserializeAttachment(): unknown;
}

/** The state of a Durable Object, its constructor's first argument. */
export interface ObjectState {
  readonly storage: ObjectStorage;
  /** When a message of the client was last answered without the object; `null`: never. */
  getWebSocketAutoResponseTimestamp(socket: WebSocketLike): Date | null;
  acceptWebSocket(socket: WebSocketLike, tags?: string[]): void;
  getWebSockets(tag?: string): ObjectWebSocket[];
  setWebSocketAutoResponse(pair?: unknown): void;
  blockConcurrencyWhile<T>(callback: () => Promise<T>): Promise<T>;
}

interface CloudflareGlobals {
  readonly WebSocketPair: new () => Readonly<Record<0 | 1, WebSocketLike>>;
  readonly WebSocketRequestResponsePair: new (request: string, response: string) => unknown;
}

/** Cloudflare's globals; `undefined` each on other runtimes. */
export const cloudflare: Partial<CloudflareGlobals> = globalThis as Partial<CloudflareGlobals>;
