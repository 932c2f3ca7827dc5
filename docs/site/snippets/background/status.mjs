import { io } from "@sockeye/client";

const socket = io("http://localhost:3000");
const banner = document.createElement("p");
const retryButton = document.createElement("button");

// #region shown
const show = (status) => {
  switch (status.state) {
    case "idle":
    case "connecting":
      return "Connecting …";
    case "open":
      return "";
    case "waiting": {
      const seconds = Math.max(0, Math.ceil((status.until - Date.now()) / 1000));
      return navigator.onLine ? `No connection. Next attempt in ${seconds} s.` : "You are offline.";
    }
    case "closed":
      // "connect": it does not reconnect by itself; "none": the application wanted that.
      return status.advice === "connect" ? `Disconnected: ${status.reason}` : "";
  }
};

banner.textContent = show(socket.status);
socket.onStatus((status) => {
  banner.textContent = show(status);
});
retryButton.onclick = () => socket.connect();
// #endregion shown
