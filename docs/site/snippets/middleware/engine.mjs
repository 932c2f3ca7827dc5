import { Server } from "@sockeye/node";

const io = new Server(3000);
// #region shown
io.engine.use((request, response, next) => {
  if (request.headers["x-maintenance"] === undefined) next();
  else response.writeHead(503).end();
});
// #endregion shown
