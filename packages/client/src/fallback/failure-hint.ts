// What may be wrong when a transport has failed. For people who read the error; programs must not depend on the words.

import type { FailureDetails } from "../transports/transport.ts";

const BY_STATUS: Readonly<Record<number, string>> = {
  403: "the server's allowRequest, or its firewall, refuses this client",
  404: "no server under this path: is the option path the same on both sides?",
  413: "more than the server's maxHttpBufferSize",
};

/** Why a transport of this name may have failed like that. */
export function hintFor(transport: string, { status, context }: FailureDetails): string {
  if (!status) {
    const more = transport === "polling" ? "does CORS allow this origin" : "do proxies let it pass";
    return `no answer to ${transport}: is the server up, and ${more}?`;
  }
  const answer = String((context as { responseText?: string } | undefined)?.responseText ?? "");
  if (answer.includes("Session ID"))
    return "several servers behind one address need sticky sessions";
  return BY_STATUS[status] ?? `the server answered ${status} ${answer.slice(0, 99)}`;
}
