import { createApp } from "vue";
import Chat from "./chat.vue";
import { connect, socketPlugin } from "./socket.ts";

createApp(Chat)
  .use(socketPlugin({ create: connect }))
  .mount("#root");
