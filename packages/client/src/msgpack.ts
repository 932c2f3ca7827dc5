// The MessagePack wire form, for the option `parser`. Servers have the same from `@sockeye/node`.

export { msgpackCodec } from "@sockeye/protocol";
