// Seed 002, the namespace, on the server of seed 000's minimal example, which serves the page.
const content = require("fs").readFileSync(__dirname + "/index.html", "utf8");

const httpServer = require("http").createServer((req, res) => {
  res.setHeader("Content-Type", "text/html");
  res.setHeader("Content-Length", Buffer.byteLength(content));
  res.end(content);
});

const { Server } = require("@sockeye/node");
const io = new Server(httpServer);

const chatNamespace = io.of("/chat");

chatNamespace.on("connection", (socket) => {
  console.log("a user connected to the chat namespace");
});

httpServer.listen(3000);
