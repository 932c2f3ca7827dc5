// vue-socket.io-extended with Vue 2 and Vuex: listeners of components, mutations and actions, by way of `onevent`.

const assert = require("node:assert/strict");
const { JSDOM } = require("jsdom");
const { Server } = require("socket.io");

Object.assign(globalThis, { window: new JSDOM("<div></div>").window });
globalThis.document = window.document;
const Vue = require("vue");
const Vuex = require("vuex");
const VueSocketIO = require("vue-socket.io-extended");

async function main() {
  const { next, open, report } = await import("./conversation.mjs");
  const io = new Server(0);
  io.on("connection", (socket) => socket.on("echo", (...args) => socket.emit("echo", ...args)));
  const client = open(`http://127.0.0.1:${io.httpServer.address().port}`);
  Vue.config.productionTip = false;
  Vue.config.devtools = false;
  Vue.use(Vuex);
  const store = new Vuex.Store({
    state: { echoed: null },
    mutations: {
      SOCKET_ECHO(state, value) {
        state.echoed = value;
      },
    },
    actions: { socket_echo: () => heard.push("action") },
  });
  const heard = [];
  Vue.use(VueSocketIO.default ?? VueSocketIO, client, { store });
  const vm = new Vue({
    store,
    sockets: {
      connect: () => heard.push("connect"),
      echo: (value) => heard.push(["component", value]),
    },
    render: (h) => h("p"),
  }).$mount();
  await next(client, "connect");
  const echoed = next(client, "echo");
  vm.$socket.client.emit("echo", 7);
  await echoed;
  assert.equal(store.state.echoed, 7);
  assert.ok(vm.$socket.connected);
  assert.deepEqual(heard.map(String).sort(), ["action", "component,7", "connect"]);
  client.disconnect();
  await io.close();
  report(["component", "mutation", "action"]);
}

void main();
