// Sends to the clients of all servers from a process that is none of them: over NATS core, or into the log of JetStream.

import { randomUUID } from "node:crypto";
import {
  clusterError,
  type EmitterLink,
  EmitterOperator,
  emitterLink,
} from "@sockeye/adapter/cluster";
import { checkClient, type NatsClient, payloadLimit } from "./client.ts";
import { JetStreamLink } from "./jetstream/link.ts";
import { namesOf } from "./jetstream/names.ts";
import { type JetStreamOptions, resolveJetStreamOptions, resolveNatsOptions } from "./options.ts";

/** Options of an emitter: those of the servers that it is to reach. */
export interface EmitterOptions extends Pick<JetStreamOptions, "domain" | "key"> {
  /** Whether the servers use `createJetStreamAdapter`: what is sent is kept then. Default `false`. */
  readonly isJetStream: boolean;
}

/**
 * Sends to the clients of all servers, from a process that is none of them.
 * @example
 * const emitter = new Emitter(await connect({ servers: "nats://localhost:4222" }));
 * await emitter.to("room").emit("hello", 1);
 */
export class Emitter extends EmitterOperator {
  /**
   * @param connection a connection of `@nats-io/transport-node`
   * @param nsp the namespace. Default `/`
   * @throws TypeError for anything else
   * @throws OptionError when options are wrong
   */
  constructor(connection: NatsClient, options: Partial<EmitterOptions> = {}, nsp = "/") {
    checkClient(connection);
    const name = `emitter-${randomUUID()}`;
    const link =
      options.isJetStream === true
        ? logLink(name, connection, resolveJetStreamOptions(options))
        : coreLink(name, connection, resolveNatsOptions(options).key);
    super(link, { nsp: nsp.startsWith("/") ? nsp : `/${nsp}`, target: {}, flags: {} });
  }
}

/** Resolves when NATS has the message. */
function coreLink(name: string, connection: NatsClient, key: string): EmitterLink {
  return emitterLink(name, async (message) => {
    const { byteLength } = message;
    const limit = payloadLimit(connection);
    if (byteLength > limit) throw clusterError("ERR_CLUSTER_PAYLOAD", byteLength, limit);
    if (connection.isClosed()) throw clusterError("ERR_BUS_DOWN");
    connection.publish(`${key}.all`, message);
    await connection.flush();
  });
}

/** Appends one message after the other; resolves when the log has it. */
function logLink(name: string, connection: NatsClient, options: JetStreamOptions): EmitterLink {
  const names = namesOf(options.key);
  const { domain } = options;
  const link = new JetStreamLink(connection, { answers: names.answersOf(name), domain });
  let sent = 0;
  let last: Promise<unknown> = Promise.resolve();
  return emitterLink(name, (message) => {
    sent += 1;
    const headers = { "Nats-Msg-Id": `${name} ${sent}` };
    const append = (): Promise<unknown> => link.publish(names.logOf(name), message, headers);
    // One that fails is missing; those behind it are sent.
    last = last.then(append, append);
    return last;
  });
}
