import { Server } from "@sockeye/node";

/** @type {any} */
const io = new Server(3000);

// #region shown
const { diagnostics } = io.of("/").adapter;
diagnostics.gap.subscribe(({ node, missed }) =>
  console.warn(`${missed} messages of ${node} were lost`),
);
// #endregion shown
