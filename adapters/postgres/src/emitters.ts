// What an emitter sends, over any connection of its client: one statement at a time, so that its order is kept.

import {
  EMITTER,
  type EmitterLink,
  emitterLink,
  messageOf,
  Values,
} from "@sockeye/adapter/cluster";
import { AttachmentNotifier } from "./compatible/attachment-notifier.ts";
import type { Database } from "./database.ts";
import type { LogTable } from "./log/log-table.ts";
import { Notifier } from "./notifier.ts";
import type { PostgresOptions } from "./options.ts";
import { Outgoing } from "./outgoing.ts";

/** Does something once; again when it has failed. */
function once(act: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null;
  return () => {
    done ??= act().catch((error: unknown) => {
      done = null;
      throw error;
    });
    return done;
  };
}

/** Sends by notifications. */
export function notifyingLink(
  name: string,
  { query }: Database,
  settings: PostgresOptions,
): EmitterLink {
  const notifier = new Notifier(name, settings);
  const outgoing = new Outgoing(notifier, settings.maxPendingBytes);
  const prepare = once(async () => {
    await notifier.prepare(query);
    outgoing.start(query);
  });
  return emitterLink(name, async (message) => {
    await prepare();
    await outgoing.add({ channel: settings.key, message, isEchoed: false });
  });
}

/** Sends in the form of Socket.IO's adapter for PostgreSQL. */
export function compatibleLink({ query }: Database, settings: PostgresOptions): EmitterLink {
  const notifier = new AttachmentNotifier(settings);
  const outgoing = new Outgoing(notifier, settings.maxPendingBytes);
  const prepare = once(async () => {
    await notifier.prepare(query);
    outgoing.start(query);
  });
  return {
    async publish(nsp, intent, args) {
      const message = messageOf(intent, args === null ? null : new Values(args));
      await prepare();
      await outgoing.add(notifier.write({ uid: EMITTER, nsp, ...message }));
    },
  };
}

/** Appends to a log, one message after the other. */
export function appendingLink(name: string, { query }: Database, table: LogTable): EmitterLink {
  const prepare = once(() => table.prepare(query));
  let first = 0;
  let last: Promise<unknown> = Promise.resolve();
  return emitterLink(name, (message) => {
    first += 1;
    const batch = { writer: name, first, messages: [message] };
    const append = async (): Promise<unknown> => {
      await prepare();
      return table.append(query, batch);
    };
    // One that fails is missing; those behind it are sent.
    last = last.then(append, append);
    return last;
  });
}
