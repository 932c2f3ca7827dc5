// A session as the record of its lease, and back.

import { type Body, Values } from "../cluster/intents.ts";
import { decodeForm, decodeValues, encodeForm } from "../cluster/message.ts";
import type { Session } from "../contract.ts";

interface Written extends Omit<Session, "data" | "missedPackets"> {
  readonly version: 1;
}

/** Writes a session. @throws TypeError when its data has no JSON */
export function encodeSession({ data, missedPackets: _, ...session }: Session): Uint8Array {
  const written: Written = { version: 1, ...session };
  return encodeForm(written, new Values([data]));
}

/** Reads a session; `null` for what is none, or of a newer version. */
export function decodeSession(bytes: Uint8Array): Session | null {
  const form = decodeForm(bytes);
  if (form === null) return null;
  const { version, ...session } = form.header as Partial<Written>;
  const { pid, rooms, sid } = session;
  if (version !== 1 || typeof pid !== "string" || typeof sid !== "string") return null;
  if (!Array.isArray(rooms)) return null;
  const body: Body = form.body;
  return { ...session, pid, sid, rooms, data: decodeValues(body)[0] } as Session;
}
