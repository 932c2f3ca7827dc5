// #region shown
import { Server } from "@sockeye/node"; // an ES module

// #endregion shown

new Server();
