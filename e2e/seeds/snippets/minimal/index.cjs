// Seed 000, "Minimal working example".
const content = require("fs").readFileSync(__dirname + "/index.html", "utf8");

const httpServer = require("http").createServer((req, res) => {
  // serve the index.html file
  res.setHeader("Content-Type", "text/html");
  res.setHeader("Content-Length", Buffer.byteLength(content));
  res.end(content);
});

const io = require("@sockeye/node")(httpServer);

io.on("connection", (socket) => {
  console.log("connect");
});

httpServer.listen(3000, () => {
  console.log("go to http://localhost:3000");
});
