import type { KubernetesObject } from '../KubernetesCluster';
import type { Controller, ControllerTools } from './Controller';
import { Delays } from './Delays';
import { objectKey, refOf } from './objectKey';
import { INGRESS, SERVICE } from './resourceTypes';
import { fakeDigest } from './templateHash';
import { writeStatus } from './writeStatus';

/** How long a cloud takes for an address, in milliseconds. */
const LOAD_BALANCER = [800, 2500] as const;

/** Gives load balancers their address. @internal */
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
