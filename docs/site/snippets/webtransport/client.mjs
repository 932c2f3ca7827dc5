import { io } from "@sockeye/client";
import { WebTransport } from "@sockeye/client/webtransport";

const socket = io({ transports: ["polling", "websocket", WebTransport] });
