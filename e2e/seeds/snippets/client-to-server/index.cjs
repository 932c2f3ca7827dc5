// Seed 000, "To send a message from the client to the server": the minimal example, updated.
const content = require("fs").readFileSync(__dirname + "/index.html", "utf8");

const httpServer = require("http").createServer((req, res) => {
  res.setHeader("Content-Type", "text/html");
  res.setHeader("Content-Length", Buffer.byteLength(content));
  res.end(content);
});

const io = require("@sockeye/node")(httpServer);

io.on("connection", (socket) => {
  socket.on("hey", (data) => {
    console.log("hey", data);
  });
});

httpServer.listen(3000);
