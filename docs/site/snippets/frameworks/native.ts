import { io } from "@sockeye/client/websocket";

interface AppState {
  addEventListener(type: "change", listener: (state: string) => void): { remove: () => void };
}

/** `keepAwake(AppState)` of "react-native": connects again at once when the app comes to the front. */
export const socket = io("https://example.com", { autoConnect: false });

export function keepAwake(appState: AppState): () => void {
  const subscription = appState.addEventListener("change", (state) => {
    if (state === "active" && !socket.connected) socket.connect();
  });
  return () => subscription.remove();
}
