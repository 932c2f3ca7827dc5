import { io } from "@sockeye/client";

const socket = io("http://localhost:3000");

// #region shown
const answer = await socket.timeout(5000).emitWithAck("question", 1);
// #endregion shown
