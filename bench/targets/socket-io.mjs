// Socket.IO with its default WebSocket engine, `ws`.
import { Server } from "socket.io";
import { plan } from "./answers.mjs";
import { serve } from "./application.mjs";
import { listenSoon } from "./http-server.mjs";

serve(new Server(listenSoon(), plan));
