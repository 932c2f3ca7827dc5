import { Server } from "@sockeye/node";

const io = new Server(3000, {
  cors: { origin: ["https://app.example"], credentials: true },
});
