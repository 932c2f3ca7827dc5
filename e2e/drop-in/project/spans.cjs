// Collects the spans that an instrumentation makes. Loaded before anything of Socket.IO is.

const { SocketIoInstrumentation } = require("@opentelemetry/instrumentation-socket.io");
const { AsyncLocalStorageContextManager } = require("@opentelemetry/context-async-hooks");
const { context, trace } = require("@opentelemetry/api");
const {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} = require("@opentelemetry/sdk-trace-base");

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
trace.setGlobalTracerProvider(provider);
const instrumentation = new SocketIoInstrumentation();
instrumentation.setTracerProvider(provider);

/** Every span so far, as plain objects. */
exports.spans = () =>
  exporter.getFinishedSpans().map(({ name, kind, attributes }) => ({ name, kind, attributes }));
exports.instrumentation = instrumentation;
