// @sockeye/engine/parser: the codec with the names of `engine.io-parser`, for hosts that offer it to applications.

export * from "@sockeye/protocol/engine.io-parser";
