// The options of the small client. Others are refused, because without their feature they would be ignored.

import type { Auth, ClientOptions, Settings } from "../options.ts";

/** Options of `connect()`. */
export interface MiniOptions
  extends Partial<Settings>,
    Pick<
      ClientOptions,
      "path" | "query" | "protocols" | "autoConnect" | "ackTimeout" | "maxSendBufferLength"
    > {
  /** Credentials, read anew for every connection: the data, or a function that hands them over. */
  auth?: Auth;
}

/** The options with their defaults filled in. */
export type MiniSettings = Settings &
  Required<Pick<MiniOptions, "path" | "protocols" | "maxSendBufferLength">> &
  MiniOptions;

/** Every option there is. */
const DEFAULTS: Required<{ readonly [Name in keyof MiniOptions]: MiniOptions[Name] | undefined }> =
  {
    auth: undefined,
    path: "/socket.io",
    query: undefined,
    protocols: [],
    autoConnect: true,
    ackTimeout: undefined,
    // As in the other entries: more than applications keep on purpose.
    maxSendBufferLength: 100_000,
    timeout: 20_000,
    reconnection: true,
    reconnectionAttempts: Number.POSITIVE_INFINITY,
    reconnectionDelay: 1000,
    reconnectionDelayMax: 5000,
    randomizationFactor: 0.5,
  };

/**
 * Fills in the defaults. Zero attempts or no delay mean the default, as with Socket.IO.
 * @throws TypeError for an option of another entry
 */
export function settingsFrom(options: MiniOptions): MiniSettings {
  const settings: Record<string, unknown> = { ...DEFAULTS };
  for (const [name, value] of Object.entries(options)) {
    if (!(name in DEFAULTS)) throw new TypeError(`@sockeye/client/mini has no option ${name}`);
    if (value != null && (value !== 0 || !name.startsWith("reconn"))) settings[name] = value;
  }
  return settings as unknown as MiniSettings;
}
