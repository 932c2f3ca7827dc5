// #region shown
const { Server } = require("@sockeye/node"); // CommonJS
// #endregion shown

new Server();
