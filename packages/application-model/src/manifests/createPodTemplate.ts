import type {
  ResolvedApplication,
  ResolvedPort,
} from '../resolve/ResolvedApplication';
import { Sourced } from '../resolve/Sourced';
import { createVariables } from './createVariables';
import type { DraftValue } from './Draft';

type Fields = { readonly [key: string]: DraftValue };

/** The pods of an application: not root, nothing to write to, no token. */
export function createPodTemplate(resolved: ResolvedApplication): Fields {
  const { application, labels, name, layers, platform } = resolved;
  const job = application.spec.schedule !== undefined;
  const temporary = layers.pick<string[]>('temporary');
  const folders = temporary?.value ?? [];
  return {
    metadata: { labels },
    spec: {
      serviceAccountName: name,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      ...(job && { restartPolicy: 'Never' }),
      terminationGracePeriodSeconds: layers.pick<number>('gracePeriodSeconds'),
      securityContext: {
        runAsNonRoot: true,
        runAsUser: platform.user,
        runAsGroup: platform.user,
        fsGroup: platform.user,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      ...(!job && {
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: 'topology.kubernetes.io/zone',
            whenUnsatisfiable: 'ScheduleAnyway',
            labelSelector: { matchLabels: resolved.selector },
          },
        ],
      }),
      containers: [createContainer(resolved, folders)],
      ...(folders.length > 0 && {
        volumes: new Sourced(
          folders.map((_, index) => ({
            name: volumeName(index),
            emptyDir: { sizeLimit: '256Mi' },
          })),
          temporary!.origin,
        ),
      }),
    },
  };
}

function volumeName(index: number): string {
  return index === 0 ? 'temporary' : `temporary-${index + 1}`;
}

function createContainer(
  resolved: ResolvedApplication,
  folders: readonly string[],
): Fields {
  const { layers, ports, requests, limits } = resolved;
  const command = layers.pick<string[]>('command');
  const args = layers.pick<string[]>('args');
  const variables = createVariables(resolved);
  return {
    name: resolved.name,
    image: resolved.image,
    ...(command && { command }),
    ...(args && { args }),
    ...(ports.length > 0 && {
      ports: ports.map(({ name, port }) => ({ name, containerPort: port })),
    }),
    env: variables,
    resources: {
      requests: { cpu: requests.cpu, memory: requests.memory },
      limits: { cpu: limits.cpu, memory: limits.memory },
    },
    ...createProbes(resolved),
    ...(ports.length > 0 && {
      // Until the load balancers have forgotten the pod
      lifecycle: { preStop: { sleep: { seconds: 5 } } },
    }),
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    ...(folders.length > 0 && {
      volumeMounts: folders.map((mountPath, index) => ({
        name: volumeName(index),
        mountPath,
      })),
    }),
  };
}

const PROBES = ['startup', 'readiness', 'liveness'] as const;

function createProbes(resolved: ResolvedApplication): Fields {
  if (resolved.application.spec.schedule) {
    return {};
  }
  return Object.fromEntries(
    PROBES.flatMap(name => {
      const probe = createProbe(resolved, name);
      return probe ? [[`${name}Probe`, probe] as const] : [];
    }),
  );
}

function createProbe(
  { layers, ports }: ResolvedApplication,
  name: (typeof PROBES)[number],
): Fields | undefined {
  const whole = layers.pick<unknown>('probes', name);
  if (!whole || whole.value === false) {
    return undefined;
  }
  const command = layers.pick<string[]>('probes', name, 'command');
  // Without ports there is nobody to ask but the process itself
  if (ports.length === 0 && !command) {
    return undefined;
  }
  return {
    ...(command
      ? { exec: { command } }
      : probeByPort(
          whole,
          layers.pick('probes', name, 'path'),
          portOf(ports, layers.pick<string>('probes', name, 'port')?.value),
        )),
    periodSeconds: layers.pick<number>('probes', name, 'periodSeconds'),
    timeoutSeconds: layers.pick<number>('probes', name, 'timeoutSeconds'),
    failureThreshold: layers.pick<number>('probes', name, 'failureThreshold'),
  };
}

function probeByPort(
  whole: Sourced<unknown>,
  path: Sourced<string> | undefined,
  port: ResolvedPort,
): Fields {
  return port.protocol === 'http' && path
    ? { httpGet: { path, port: port.name } }
    : { tcpSocket: new Sourced({ port: port.name }, whole.origin) };
}

function portOf(
  ports: readonly ResolvedPort[],
  name: string | undefined,
): ResolvedPort {
  return (
    ports.find(each => each.name === name) ??
    ports.find(({ protocol }) => protocol === 'http') ??
    ports[0]
  );
}
