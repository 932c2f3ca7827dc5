import { io } from "@sockeye/client";

// #region shown
const socket = io("https://example.com", {
  reconnectionDelay: 1000, // before the first attempt; doubled for each further one
  reconnectionDelayMax: 5000,
  randomizationFactor: 0.5, // so that clients do not all come at once
  reconnectionAttempts: Infinity,
  timeout: 20_000, // of one attempt
});
// #endregion shown
socket.disconnect();
