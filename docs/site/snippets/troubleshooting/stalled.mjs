import { Server } from "@sockeye/node";

const io = new Server(3000);

// #region shown
io.diagnostics.deadlines.stalled.subscribe(({ lateBy }) => {
  console.warn(`the process stood still for ${lateBy} ms`);
});
// #endregion shown
