import { Server } from "@sockeye/node";

const io = new Server(3000);
const { core, engine } = io.diagnostics;

// #region shown
engine.requestRefused.subscribe(({ hint }) => console.warn(hint)); // a client of Socket.IO 2, no sticky sessions …
core.middlewareStalled.subscribe(({ hint }) => console.warn(hint)); // has not called next() for `slowMiddleware` ms
core.dataLost.subscribe(({ hint }) => console.warn(hint)); // a Map was sent, which arrives as {}
// #endregion shown
