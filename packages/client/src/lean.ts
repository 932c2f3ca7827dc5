// What the client that has WebSocket only does without, and says so when it is asked for.

import { clientTypeError } from "./errors.ts";

/** The names of the options that need what the entry does not have. */
export type Lacking =
  | "extraHeaders"
  | "forceBase64"
  | "host"
  | "outbox"
  | "parser"
  | "retries"
  | "transportImplementations"
  | "transportOptions"
  | "transports"
  | "useNativeTimers";

/** How they begin, and no other option. */
const LACKING = /^(ex|forceB|host$|ou|par|ret|tra|use)/;

/** Returns the options. @throws TypeError `ERR_LACKING_OPTION`, which names the option */
export function withoutLacking<Options extends object>(options: Options): Options {
  for (const [name, value] of Object.entries(options)) {
    // `transports: ["websocket"]` asks for what there is.
    if (value && LACKING.test(name) && String(value) !== "websocket") {
      throw clientTypeError(
        "ERR_LACKING_OPTION",
        `@sockeye/client/websocket has no option ${name}`,
      );
    }
  }
  return options;
}
