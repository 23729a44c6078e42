import { bindingKinds } from '../resolve/bindingKinds';
import { namespaceOf } from '../resolve/Environment';
import type {
  ResolvedApplication,
  ResolvedPort,
} from '../resolve/ResolvedApplication';
import { Sourced } from '../resolve/Sourced';
import type { Workload } from '../schema/Application';
import { metadataOf } from './Draft';
import type { Draft, DraftValue } from './Draft';

type Network = NonNullable<Workload['network']>;
type Destination = NonNullable<Network['to']>[number];

/** Addresses that are not the internet: private ones, those of the link, and of the cloud's metadata. */
const NOT_THE_INTERNET = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
];

/** How it is reached within the cluster: the first port on 80, the others where they are. */
export function createService(
  resolved: ResolvedApplication,
): Draft | undefined {
  const { ports, selector } = resolved;
  if (ports.length === 0) {
    return undefined;
  }
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadataOf(resolved),
    spec: {
      selector,
      ports: ports.map((port, index) => ({
        name: port.name,
        port: index === 0 && port.protocol === 'http' ? 80 : port.port,
        targetPort: port.name,
        ...(port.protocol !== 'tcp' && {
          appProtocol: port.protocol === 'grpc' ? 'kubernetes.io/h2c' : 'http',
        }),
      })),
    },
  };
}

/** How it is reached from outside the cluster, where it is. */
export function createIngress(
  resolved: ResolvedApplication,
): Draft | undefined {
  const { environment, layers, name, platform, ports } = resolved;
  if (!isExposed(resolved)) {
    return undefined;
  }
  const host =
    layers.pick<string>('ingress', 'host') ??
    new Sourced(
      `${name}.${environment.name}.${platform.domain}`,
      'default: <name>.<environment>.<domain>',
    );
  const tls = layers.pick<boolean>('ingress', 'tls')?.value ?? true;
  const port = layers.pick<string>('ingress', 'port');
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: metadataOf(
      resolved,
      tls && platform.certificateIssuer
        ? { 'cert-manager.io/cluster-issuer': platform.certificateIssuer }
        : undefined,
    ),
    spec: {
      ingressClassName:
        layers.pick<string>('ingress', 'class') ??
        new Sourced(platform.ingressClass, 'platform default'),
      ...(tls && { tls: [{ hosts: [host.value], secretName: `${name}-tls` }] }),
      rules: [
        {
          host,
          http: {
            paths: [
              {
                path: layers.pick<string>('ingress', 'path') ?? '/',
                pathType: 'Prefix',
                backend: {
                  service: { name, port: { name: port ?? ports[0].name } },
                },
              },
            ],
          },
        },
      ],
    },
  };
}

function isExposed({ layers, ports }: ResolvedApplication): boolean {
  const ingress = layers.pick<object | false>('ingress');
  return ports.length > 0 && ingress !== undefined && ingress.value !== false;
}

/** Nothing may come in or go out, but for what is declared and what every application needs. */
export function createNetworkPolicy(resolved: ResolvedApplication): Draft {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadataOf(resolved),
    spec: {
      podSelector: { matchLabels: resolved.selector },
      policyTypes: ['Ingress', 'Egress'],
      ...createIncoming(resolved),
      egress: [
        {
          // Names have to be found
          to: [inNamespace('kube-system')],
          ports: [
            { protocol: 'UDP', port: 53 },
            { protocol: 'TCP', port: 53 },
          ],
        },
        ...createOutgoing(resolved),
      ],
    },
  };
}

function createIncoming(resolved: ResolvedApplication): {
  ingress?: DraftValue[];
} {
  const { environment, layers, monitoring, platform, ports, system } = resolved;
  const callers = layers.pick<NonNullable<Network['from']>>('network', 'from');
  const rules: DraftValue[] = [];
  if (isExposed(resolved)) {
    const name = layers.pick<string>('ingress', 'port')?.value;
    const port = ports.find(each => each.name === name) ?? ports[0];
    rules.push({
      from: [inNamespace(platform.namespaces.ingress)],
      ports: [portRule(port)],
    });
  }
  if (monitoring) {
    rules.push({
      from: [inNamespace(platform.namespaces.monitoring)],
      ports: [portRule(monitoring.port)],
    });
  }
  if (callers && callers.value.length > 0 && ports.length > 0) {
    rules.push({
      from: new Sourced(
        callers.value.map(caller => ({
          ...inNamespace(namespaceOf(environment, caller.system ?? system)),
          podSelector: podsOf(caller.application),
        })),
        callers.origin,
      ),
      ports: ports.map(portRule),
    });
  }
  return rules.length > 0 ? { ingress: rules } : {};
}

function createOutgoing(resolved: ResolvedApplication): DraftValue[] {
  const { bindings, layers, platform } = resolved;
  const rules: DraftValue[] = bindings.map(({ kind, resource, origin }) => {
    const { ports, podsOf: labelsOf } = bindingKinds[kind];
    return {
      to: labelsOf
        ? new Sourced(
            [{ podSelector: { matchLabels: labelsOf(resource) } }],
            origin,
          )
        : new Sourced([internet()], origin),
      ports: ports.map(port => ({ protocol: 'TCP', port })),
    };
  });
  if (platform.telemetryEndpoint) {
    const { port, protocol } = new URL(platform.telemetryEndpoint);
    rules.push({
      to: [inNamespace(platform.namespaces.monitoring)],
      ports: [
        {
          protocol: 'TCP',
          port: Number(port || (protocol === 'https:' ? 443 : 80)),
        },
      ],
    });
  }
  const declared = layers.pick<Destination[]>('network', 'to');
  for (const destination of declared?.value ?? []) {
    rules.push(toRule(resolved, destination, declared!.origin));
  }
  return rules;
}

function toRule(
  { environment, system }: ResolvedApplication,
  destination: Destination,
  origin: string,
): DraftValue {
  const tcp = (ports: readonly number[]) =>
    ports.map(port => ({ protocol: 'TCP', port }));
  if ('cidr' in destination) {
    return {
      to: new Sourced([{ ipBlock: { cidr: destination.cidr } }], origin),
      ports: tcp(destination.ports),
    };
  }
  if ('internet' in destination) {
    return {
      to: new Sourced([internet()], origin),
      ports: tcp(destination.internet),
    };
  }
  return {
    to: new Sourced(
      [
        {
          ...inNamespace(
            namespaceOf(environment, destination.system ?? system),
          ),
          podSelector: podsOf(destination.application),
        },
      ],
      origin,
    ),
    ...(destination.ports && { ports: tcp(destination.ports) }),
  };
}

function internet() {
  return { ipBlock: { cidr: '0.0.0.0/0', except: NOT_THE_INTERNET } };
}

function inNamespace(name: string) {
  return {
    namespaceSelector: {
      matchLabels: { 'kubernetes.io/metadata.name': name },
    },
  };
}

function podsOf(application: string) {
  return { matchLabels: { 'app.kubernetes.io/name': application } };
}

function portRule({ name }: ResolvedPort) {
  return { protocol: 'TCP', port: name };
}
