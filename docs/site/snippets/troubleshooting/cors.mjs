import { Server } from "@sockeye/node";

// #region shown
const options = { cors: { origin: "https://page.example", credentials: true } };
// #endregion shown

new Server(3000, options);
