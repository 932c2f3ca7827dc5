// The middleware of one socket, which runs before the listeners of every incoming event.

import { type ExtendedError, middlewareStep, type Next, runChain } from "../base/chain.ts";
import type { Services } from "../base/services.ts";
import type { Event, SocketFace } from "./socket-face.ts";

/** Runs before the listeners of every incoming event; an error drops the event. */
export type SocketMiddleware = (event: Event, next: Next) => void | Promise<void>;

/** Runs middleware in order, then `done`, with the error of the one that rejected the event. */
export function runEventMiddleware(
  middleware: readonly SocketMiddleware[],
  event: Event,
  {
    done,
    face,
    home: { name: nsp, services },
  }: {
    readonly done: (error: ExtendedError | undefined) => void;
    readonly face: SocketFace;
    /** The namespace. */
    readonly home: { readonly name: string; readonly services: Services };
  },
): void {
  const subject = { kind: "socket.use", nsp, socket: face } as const;
  const steps = middleware.map((each) =>
    services.stalls.watched(middlewareStep(each, event), subject),
  );
  runChain(steps, done, (error) =>
    services.userCode.failed(error, {
      target: face,
      socket: face,
      event: "use",
      kind: "middleware",
    }),
  );
}
