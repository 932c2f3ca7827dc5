import { io } from "@sockeye/client";

const socket = io("http://localhost:3000");

// #region shown
socket.outbox.size; // 2
socket.outbox.list(); // [{ id, event: "message", args: ["hello"], keptAt: 1764446400000, isStored: true }, …]
socket.outbox.clear(); // acknowledgements fail with the code ERR_OUTBOX_CLEARED
// #endregion shown
