// A client in a process of its own: connects as often as its plan says, one after the other, and reports how long
// each first event took, from the call of `io` on.

const { attempts, module, options, port } = JSON.parse(process.argv[2] ?? "{}");
const { io } = await import(module);

/** @returns {Promise<{ milliseconds: number, transport: string }>} */
function firstEvent() {
  return new Promise((resolve) => {
    const began = performance.now();
    const socket = io(`http://127.0.0.1:${port}`, { forceNew: true, ...options });
    socket.once("first", () => {
      const milliseconds = performance.now() - began;
      const transport = socket.io.engine.transport.name;
      socket.disconnect();
      resolve({ milliseconds, transport });
    });
  });
}

process.on("disconnect", () => process.exit(0));
process.on("message", () => process.exit(0));
const results = [];
for (let attempt = 0; attempt < attempts; attempt++) results.push(await firstEvent());
process.send?.({ kind: "result", results });
