// The testkit's parts for clusters: brokers in memory, and the conformance cases of buses, logs, leases and adapters.

export {
  type BusCase,
  type BusContext,
  type BusHost,
  BusListener,
  busCases,
  runBusCase,
} from "./bus-cases.ts";
export { clusterCases } from "./cluster-cases.ts";
export {
  type ClusterCase,
  type ClusterClient,
  type ClusterContext,
  type ClusterHost,
  type ClusterMember,
  runClusterCase,
} from "./cluster-context.ts";
export {
  type Aim,
  type Command,
  Commanded,
  type CommandedServer,
  type Reported,
} from "./commands.ts";
export {
  type LeaseCase,
  type LeaseContext,
  type LeaseHost,
  leaseCases,
  runLeaseCase,
} from "./lease-cases.ts";
export {
  type LogCase,
  type LogContext,
  type LogHost,
  LogListener,
  logCases,
  runLogCase,
} from "./log-cases.ts";
export { type BrokerSettings, type Link, MemoryBroker, MemoryBus } from "./memory-broker.ts";
export { MemoryClient, type MemoryKept, MemoryMember, memoryCluster } from "./memory-cluster.ts";
export { LeasesOfNode, MemoryLeases } from "./memory-leases.ts";
export {
  type AppendFate,
  MemoryLog,
  type MemoryLogSettings,
  MemoryLogStore,
} from "./memory-log.ts";
export { presenceCases } from "./presence-cases.ts";
