import { Server } from "@sockeye/node";

const io = new Server(3000);

// #region shown
const { core, deadlines, engine } = io.diagnostics;

engine.limitHit.subscribe(({ connection, limit, value, actual }) => {
  const { remoteAddress } = connection.request;
  console.warn(`${limit} of ${value} reached by ${remoteAddress}`, {
    actual,
    waiting: connection.queuedBytes,
  });
});
core.limitReached.subscribe(({ limit, value, nsp }) => console.warn(`${limit} of ${value}`, nsp));
core.ackTimedOut.subscribe(({ socket, timeout }) => {
  console.warn(
    socket === null ? "a broadcast" : socket.id,
    `was not acknowledged within ${timeout} ms`,
  );
});
core.recoveryMissed.subscribe(({ reason }) =>
  console.warn(`a session was not restored: ${reason}`),
);
deadlines.stalled.subscribe(({ lateBy }) =>
  console.warn(`the process stood still for ${lateBy} ms`),
);
// #endregion shown
