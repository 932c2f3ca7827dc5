// What may be wrong when a transport has failed, as far as the answer says it, or its absence. For people who read the
// error; programs compare the code.

import { withHelp } from "@sockeye/portable";
import type { Hint } from "../hints/hint-code.ts";
import type { FailureDetails } from "../transports/transport.ts";

const BY_STATUS: Readonly<Record<number, Hint>> = {
  403: ["HINT_FORBIDDEN", "the server's allowRequest, or its firewall, refuses this client"],
  404: ["HINT_PATH", "no server under this path: is the option path the same on both sides?"],
  413: ["HINT_TOO_LARGE", "more than the server's maxHttpBufferSize"],
};

/** Why a transport of this name may have failed like that. */
export function hintFor(transport: string, { status, context }: FailureDetails): Hint {
  if (!status) {
    const more = transport === "polling" ? "does CORS allow this origin" : "do proxies let it pass";
    return ["HINT_NO_ANSWER", `no answer to ${transport}: is the server up, and ${more}?`];
  }
  const answer = String((context as { responseText?: string } | undefined)?.responseText ?? "");
  if (answer.includes("Session ID"))
    return ["HINT_STICKY", "several servers behind one address need sticky sessions"];
  const start = answer.slice(0, 99);
  if (status === 200)
    return [
      "HINT_NOT_SOCKET_IO",
      `no answer of Socket.IO: do address and path lead to its server? ${start}`,
    ];
  return BY_STATUS[status] ?? ["HINT_STATUS", `the server answered ${status} ${start}`];
}

/** Adds a hint to an error, or to other details. */
export function addHint(to: object, [hintCode, text]: Hint): void {
  Object.assign(to, { hint: withHelp(text, hintCode), hintCode });
}
