import { Server } from "@sockeye/node";

// #region shown
const options = { maxHttpBufferSize: 1e7 };
// #endregion shown

new Server(3000, options);
