import { io } from "@sockeye/client";

const socket = io("http://localhost:3000", { autoConnect: false });

// #region shown
const show = (news) => console.log(news);

socket.on("news", show); // each time
socket.once("news", show); // only the first time
socket.off("news", show); // this listener no more
socket.off("news"); // no listener of this event any more

socket.onAny((event, ...args) => console.debug("received", event, args));
socket.onAnyOutgoing((event, ...args) => console.debug("sent", event, args));
// #endregion shown
