// The streams of a cluster: made by the first node that needs them. One that is there is taken as it is, so that an
// operator may make them, and change their limits and replicas.

import type { JetStreamOptions } from "../options.ts";
import { isRefusal, type JetStreamLink } from "./link.ts";
import type { StreamName } from "./names.ts";

/** What JetStream says of a stream. */
export interface StreamInfo {
  readonly config: StreamConfig;
  /** When it was made: another stream of the same name has another time. */
  readonly created: string;
  readonly state: { readonly first_seq: number; readonly last_seq: number };
}

interface StreamConfig {
  readonly name: string;
  readonly subjects?: readonly string[];
  readonly max_age?: number;
}

/** A message of a stream. */
export interface StoredMessage {
  readonly seq: number;
  readonly data: Uint8Array;
  /** When JetStream has taken it, in milliseconds by its own clock. */
  readonly time: number;
  /** The text of its headers. */
  readonly headers: string;
}

/** What a stream is made with. Limits of 0: none. */
export interface StreamSettings extends Pick<JetStreamOptions, "replicas" | "storage"> {
  readonly maxMessages?: number;
  readonly maxBytes?: number;
  /** Milliseconds. */
  readonly maxAge?: number;
  readonly maxPerSubject?: number;
  /** How long JetStream knows the numbers of messages, in milliseconds. */
  readonly duplicateWindow?: number;
}

/** JetStream has no such stream. */
export const STREAM_NOT_FOUND = 10059;
const MESSAGE_NOT_FOUND = 10037;
const NAME_IN_USE = 10058;
const NANOSECONDS = 1_000_000;
/** When a stream was made, until it has been made completely. */
const UNFINISHED = "0001-";
const UNFINISHED_PAUSE_MS = 10;

/**
 * Asks about a stream, or to make one; again until it is complete. A node that asks for a message of a stream which another one is
 * just making ends JetStream 2.9 by a nil pointer.
 * @throws Refusal
 */
async function completed(
  link: JetStreamLink,
  name: string,
  first: Promise<StreamInfo>,
): Promise<StreamInfo> {
  let info = await first;
  while (info.created.startsWith(UNFINISHED)) {
    // A timer that keeps no process alive.
    await new Promise<void>((resolve) => void setTimeout(resolve, UNFINISHED_PAUSE_MS).unref());
    info = await infoOf(link, name);
  }
  link.complete.add(name);
  return info;
}

function infoOf(link: JetStreamLink, name: string): Promise<StreamInfo> {
  return link.ask<StreamInfo>(`STREAM.INFO.${name}`);
}

/** The stream; made when it is not there. @throws Refusal */
export async function ensureStream(
  link: JetStreamLink,
  { name, subject }: StreamName,
  settings: StreamSettings,
): Promise<StreamInfo> {
  try {
    return await completed(link, name, infoOf(link, name));
  } catch (error) {
    if (!isRefusal(error, STREAM_NOT_FOUND)) throw error;
  }
  const { replicas, storage, ...limits } = settings;
  const config = {
    ...{ name, subjects: [subject], storage, num_replicas: replicas },
    ...{ retention: "limits", discard: "old", max_consumers: -1, max_msg_size: -1 },
    ...{ max_msgs: limits.maxMessages || -1, max_bytes: limits.maxBytes || -1 },
    ...{ max_age: (limits.maxAge ?? 0) * NANOSECONDS },
    ...{ max_msgs_per_subject: limits.maxPerSubject ?? -1 },
    ...(limits.duplicateWindow && { duplicate_window: limits.duplicateWindow * NANOSECONDS }),
  };
  try {
    return await completed(link, name, link.ask(`STREAM.CREATE.${name}`, config));
  } catch (error) {
    // Another node with other options was first.
    if (!isRefusal(error, NAME_IN_USE)) throw error;
    return completed(link, name, infoOf(link, name));
  }
}

/** Lets the messages of a stream last for at least so many milliseconds. */
export async function extendAge(
  link: JetStreamLink,
  { config }: StreamInfo,
  maxAge: number,
): Promise<void> {
  const age = config.max_age ?? 0;
  if (age === 0 || age >= maxAge * NANOSECONDS) return;
  await link.ask(`STREAM.UPDATE.${config.name}`, { ...config, max_age: maxAge * NANOSECONDS });
}

/** One message, by its number or as the last one of its subject; `null` when it is not there. */
export async function messageOf(
  link: JetStreamLink,
  { name }: StreamName,
  which: { readonly seq: number } | { readonly last_by_subj: string },
): Promise<StoredMessage | null> {
  try {
    if (!link.complete.has(name)) await completed(link, name, infoOf(link, name));
    const { message } = await link.ask<{ message: RawMessage }>(`STREAM.MSG.GET.${name}`, which);
    const { data = "", hdrs = "", seq, time } = message;
    return {
      seq,
      data: Buffer.from(data, "base64"),
      time: Date.parse(time),
      headers: Buffer.from(hdrs, "base64").toString(),
    };
  } catch (error) {
    if (isRefusal(error, MESSAGE_NOT_FOUND)) return null;
    if (isRefusal(error, STREAM_NOT_FOUND)) link.complete.delete(name);
    throw error;
  }
}

interface RawMessage {
  readonly seq: number;
  readonly data?: string;
  readonly hdrs?: string;
  readonly time: string;
}
