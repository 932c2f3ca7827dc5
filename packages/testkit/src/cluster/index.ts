// The testkit's parts for clusters: a broker in memory, and the conformance cases of buses and of cluster adapters.

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
export { type BrokerSettings, type Link, MemoryBroker, MemoryBus } from "./memory-broker.ts";
export { MemoryClient, MemoryMember, memoryCluster } from "./memory-cluster.ts";
