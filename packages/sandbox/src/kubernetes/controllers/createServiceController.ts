import type { KubernetesObject } from '../KubernetesCluster';
import type { Controller, ControllerTools } from './Controller';
import { Delays } from './Delays';
import { objectKey, refOf, refTo } from './objectKey';
import { INGRESS, SERVICE } from './resourceTypes';
import { fakeDigest } from './templateHash';
import { writeStatus } from './writeStatus';

/** How long a cloud takes for an address, in milliseconds. */
const LOAD_BALANCER = [800, 2500] as const;

/** Gives Services their cluster address and node ports, and load balancers their address. @internal */
export function createServiceController(tools: ControllerTools): Controller {
  const { cluster } = tools;
  const delays = new Delays(tools, LOAD_BALANCER);
  return {
    name: 'service-controller',
    watches: [{ type: SERVICE, keys: ({ object }) => [objectKey(object)] }],
    reconcile(key, queue) {
      const service = cluster.get(refOf(SERVICE, key));
      if (!service || service.metadata.deletionTimestamp) {
        return;
      }
      const changes = addressesOf(tools, service);
      if (changes) {
        cluster.patch(
          refTo(service),
          { spec: changes },
          { fieldManager: 'kube-apiserver' },
        );
      }
      if (
        service.spec.type === 'LoadBalancer' &&
        !service.status?.loadBalancer?.ingress
      ) {
        provide(tools, delays, service, () => queue.add(key));
      }
    },
  };
}

/** Gives each Ingress the address of the cluster's ingress controller. @internal */
export function createIngressController(tools: ControllerTools): Controller {
  const { cluster } = tools;
  const delays = new Delays(tools, LOAD_BALANCER);
  const address = `203.0.113.${numberFrom(cluster.name, 200) + 10}`;
  return {
    name: 'nginx-ingress-controller',
    watches: [{ type: INGRESS, keys: ({ object }) => [objectKey(object)] }],
    reconcile(key, queue) {
      const ingress = cluster.get(refOf(INGRESS, key));
      if (
        !ingress ||
        ingress.metadata.deletionTimestamp ||
        ingress.status?.loadBalancer?.ingress
      ) {
        return;
      }
      const name = `ingress ${ingress.metadata.uid}`;
      if (delays.isOver(name, () => queue.add(key))) {
        writeStatus(
          cluster,
          ingress,
          { loadBalancer: { ingress: [{ ip: address }] } },
          'nginx-ingress-controller',
        );
        cluster.recordEvent({
          regarding: ingress,
          type: 'Normal',
          reason: 'Sync',
          message: 'Scheduled for sync',
          component: 'nginx-ingress-controller',
        });
      }
    },
  };
}

function addressesOf(
  tools: ControllerTools,
  service: KubernetesObject,
): object | undefined {
  const { spec } = service;
  const type: string = spec.type ?? 'ClusterIP';
  if (type === 'ExternalName') {
    return undefined;
  }
  const ports = (spec.ports ?? []) as { nodePort?: number; port: number }[];
  const needsPorts =
    type !== 'ClusterIP' && ports.some(({ nodePort }) => !nodePort);
  if (spec.clusterIP && !needsPorts) {
    return undefined;
  }
  const clusterIP: string = spec.clusterIP || freeAddress(tools, service);
  return {
    clusterIP,
    clusterIPs: [clusterIP],
    ...(needsPorts && {
      ports: ports.map(port => ({
        ...port,
        nodePort:
          port.nodePort ??
          30_000 + numberFrom(`${objectKey(service)} ${port.port}`, 2768),
      })),
    }),
  };
}

/** An address of the service range: the same for the same name, unless it is taken. */
function freeAddress(
  { cluster }: ControllerTools,
  service: KubernetesObject,
): string {
  const taken = new Set(
    cluster.list(SERVICE).map(({ spec }) => spec.clusterIP as string),
  );
  for (let number = numberFrom(objectKey(service), 60_000) + 512; ; number++) {
    const address = `10.96.${Math.floor(number / 256) % 256}.${number % 256}`;
    if (!taken.has(address)) {
      return address;
    }
  }
}

function provide(
  tools: ControllerTools,
  delays: Delays,
  service: KubernetesObject,
  again: () => void,
) {
  const record = (reason: string, message: string) =>
    tools.cluster.recordEvent({
      regarding: service,
      type: 'Normal',
      reason,
      message,
      component: 'service-controller',
    });
  if (!delays.isOver(`balancer ${service.metadata.uid}`, again)) {
    record('EnsuringLoadBalancer', 'Ensuring load balancer');
    return;
  }
  const ip = `198.51.100.${numberFrom(objectKey(service), 240) + 10}`;
  writeStatus(tools.cluster, service, {
    ...service.status,
    loadBalancer: { ingress: [{ ip, ipMode: 'VIP' }] },
  });
  record('EnsuredLoadBalancer', 'Ensured load balancer');
}

/** A number below the bound that is the same for the same text. */
function numberFrom(text: string, bound: number): number {
  return parseInt(fakeDigest(text, 8), 16) % bound;
}
