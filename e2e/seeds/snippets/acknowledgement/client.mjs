// Seed 002, "For events requiring confirmation, use acknowledgements": client-side.
import io from "@sockeye/client";

const socket = io("http://localhost:3000");

socket.emit("myEvent", { data: "Hello" }, (response) => {
  console.log("Acknowledgement received:", response);
});
