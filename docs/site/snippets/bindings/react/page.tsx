import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Chat } from "./chat.tsx";
import { connect, SocketProvider } from "./socket.ts";

const root = document.querySelector("#root") as HTMLElement;
createRoot(root).render(
  <StrictMode>
    <SocketProvider create={connect}>
      <Chat />
    </SocketProvider>
  </StrictMode>,
);
