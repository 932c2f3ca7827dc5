// What the client that has WebSocket only does without, and says so when it is asked for.

import { clientTypeError } from "./errors.ts";

/** Options that need what the entry does not have. */
const LACKING = [
  "retries",
  "parser",
  "transports",
  "transportImplementations",
  "forceBase64",
  "outbox",
] as const;

/** The names of those options. */
export type Lacking = (typeof LACKING)[number];

/** Returns the options. @throws TypeError `ERR_LACKING_OPTION`, which names the option */
export function withoutLacking<Options extends object>(options: Options): Options {
  for (const name of LACKING) {
    const value = (options as Record<string, unknown>)[name];
    // `transports: ["websocket"]` asks for what there is.
    if (value && !(name === "transports" && String(value) === "websocket")) {
      throw clientTypeError(
        "ERR_LACKING_OPTION",
        `@sockeye/client/websocket has no option ${name}`,
      );
    }
  }
  return options;
}
