// What servers with Socket.IO's adapter for Redis, and its emitter, ask of this one.

import {
  type Body,
  decodeValues,
  type NodeNamespace,
  type Request,
  Values,
} from "@sockeye/adapter/cluster";
import { type ClassicFields, type ClassicOptions, ClassicType } from "./classic-form.ts";

/** How a request is answered. */
export interface Responder {
  respond(response: ClassicFields): void;
  /** The rooms of this server. */
  rooms(): Iterable<string>;
}

interface Targeted {
  readonly target: { rooms: readonly string[]; except: readonly string[] };
}

function targetOf(options: ClassicOptions | null = null): Targeted {
  // Programs in other languages send null for what is absent.
  return { target: { rooms: options?.rooms ?? [], except: options?.except ?? [] } };
}

/** Does what a request wants, and answers it. */
export function answerClassic(
  fields: ClassicFields,
  namespace: NodeNamespace,
  { respond, rooms }: Responder,
): void {
  const { close, data, opts, requestId, type } = fields;
  const named = fields.rooms ?? [];
  switch (type) {
    case ClassicType.SOCKETS:
      collect(namespace, { kind: "fetch", ids: true, target: { rooms: named } }, (found) =>
        respond({
          requestId: requestId ?? "",
          sockets: found.map((each) => (each as { id: string }).id),
        }),
      );
      return;
    case ClassicType.ALL_ROOMS:
      respond({ requestId: requestId ?? "", rooms: [...rooms()] });
      return;
    case ClassicType.JOIN:
    case ClassicType.LEAVE: {
      const kind = type === ClassicType.JOIN ? "join" : "leave";
      // Older nodes name one socket, and want to hear that it is done: their time-out answers them.
      if (opts) namespace.apply({ kind, ...targetOf(opts), change: named }, null);
      return;
    }
    case ClassicType.DISCONNECT:
      if (!opts) return;
      namespace.apply({ kind: "disconnect", ...targetOf(opts), close: close === true }, null);
      return;
    case ClassicType.FETCH:
      collect(namespace, { kind: "fetch", ...targetOf(opts) }, (sockets) =>
        respond({ requestId: requestId ?? "", sockets }),
      );
      return;
    case ClassicType.SERVER_EVENT: {
      const args = new Values(Array.isArray(data) ? data : []);
      if (requestId === undefined || requestId === null)
        namespace.apply({ kind: "server event" }, args);
      else {
        namespace.answer({ kind: "server event" }, args, (_answer, body) =>
          respond({ type, requestId, data: first(body) }),
        );
      }
      return;
    }
    case ClassicType.ASK:
      ask(fields, namespace, respond);
      return;
    default:
  }
}

/** Passes on all sockets that a namespace describes, however many messages that takes. */
function collect(
  namespace: NodeNamespace,
  request: Request,
  done: (found: unknown[]) => void,
): void {
  const found: unknown[] = [];
  namespace.answer(request, null, (answer, body = null) => {
    found.push(...decodeValues(body));
    if (answer.kind !== "sockets" || answer.more !== true) done(found);
  });
}

function ask(
  { opts, packet, requestId = "" }: ClassicFields,
  namespace: NodeNamespace,
  respond: Responder["respond"],
): void {
  const { data } = (packet ?? {}) as { data?: unknown };
  const flags = opts?.flags ?? {};
  const wait = flags.timeout ?? 0;
  const args = new Values(Array.isArray(data) ? data : []);
  namespace.answer({ kind: "ask", ...targetOf(opts), flags, wait }, args, (answer, body) => {
    if (answer.kind === "count") {
      respond({ type: ClassicType.COUNT, requestId, clientCount: answer.count });
    } else respond({ type: ClassicType.ACK, requestId, packet: first(body) });
  });
}

function first(body: Body | undefined): unknown {
  return decodeValues(body ?? null)[0];
}
