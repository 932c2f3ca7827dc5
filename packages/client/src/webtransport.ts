// WebTransport, for applications whose server has it:
// `io(url, { transports: [WebTransport, "websocket", "polling"] })`. In Node it needs a global WebTransport.

export { WebTransport } from "./transports/web-transport.ts";
