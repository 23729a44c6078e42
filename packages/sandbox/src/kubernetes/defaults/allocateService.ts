import type { KubernetesObject } from '../KubernetesCluster';
import type { JsonObject } from '../patch/jsonValues';
import type { ObjectStore } from '../store/ObjectStore';

const FIRST_NODE_PORT = 30_000;
const NODE_PORTS = 2_768;

/** Gives a service the addresses and ports that a cluster allocates. */
export function allocateService(
  service: KubernetesObject,
  live: KubernetesObject | undefined,
  store: ObjectStore,
): KubernetesObject {
  const spec: JsonObject = { ...service.spec };
  if (spec.type === 'ExternalName') {
    return service;
  }
  const used = [...store.table('/Service').values()];
  spec.clusterIP ||= live?.spec?.clusterIP || freeAddress(used);
  spec.clusterIPs ??= live?.spec?.clusterIPs ?? [spec.clusterIP];
  spec.ipFamilies ??= live?.spec?.ipFamilies ?? ['IPv4'];
  spec.ipFamilyPolicy ??= live?.spec?.ipFamilyPolicy ?? 'SingleStack';
  if (['NodePort', 'LoadBalancer'].includes(spec.type)) {
    const taken = new Set<number>(
      used.flatMap(other =>
        (other.spec?.ports ?? []).map((port: JsonObject) => port.nodePort),
      ),
    );
    spec.ports = (spec.ports ?? []).map((port: JsonObject) => {
      const before = live?.spec?.ports?.find(
        (old: JsonObject) => old.port === port.port,
      );
      const nodePort = port.nodePort ?? before?.nodePort ?? freePort(taken);
      taken.add(nodePort);
      return { ...port, nodePort };
    });
  }
  return {
    ...service,
    spec,
    status: service.status ?? { loadBalancer: {} },
  };
}

function freeAddress(services: readonly KubernetesObject[]): string {
  const used = new Set(services.map(service => service.spec?.clusterIP));
  for (let number = 10; ; number += 1) {
    const address = `10.96.${Math.floor(number / 250)}.${(number % 250) + 1}`;
    if (!used.has(address)) {
      return address;
    }
  }
}

function freePort(taken: ReadonlySet<number>): number {
  for (let offset = 0; offset < NODE_PORTS; offset += 1) {
    if (!taken.has(FIRST_NODE_PORT + offset)) {
      return FIRST_NODE_PORT + offset;
    }
  }
  return FIRST_NODE_PORT;
}
