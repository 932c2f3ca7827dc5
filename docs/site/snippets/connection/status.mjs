import { io } from "@sockeye/client";

const socket = io("http://localhost:3000");
const banner = document.createElement("p");

// #region shown
socket.onStatus((status) => {
  switch (status.state) {
    case "idle":
    case "connecting":
      banner.textContent = "Connecting …";
      break;
    case "open":
      banner.textContent = "";
      break;
    case "waiting":
      banner.textContent = `No connection. Attempt ${status.attempt} follows.`;
      break;
    case "closed":
      banner.textContent = status.advice === "connect" ? `Ended: ${status.reason}` : "";
      break;
  }
});
// #endregion shown
