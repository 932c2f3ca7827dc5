// Seed 000, "To send an event from the server to the client": the minimal example, updated.
const content = require("fs").readFileSync(__dirname + "/index.html", "utf8");

const httpServer = require("http").createServer((req, res) => {
  res.setHeader("Content-Type", "text/html");
  res.setHeader("Content-Length", Buffer.byteLength(content));
  res.end(content);
});

const io = require("@sockeye/node")(httpServer);

io.on("connection", (socket) => {
  let counter = 0;
  setInterval(() => {
    socket.emit("hello", ++counter);
  }, 1000);
});

httpServer.listen(3000);
