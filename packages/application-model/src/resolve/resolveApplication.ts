import type { PlatformDefaults } from '../defaults';
import type { Application, Workload } from '../schema/Application';
import { millisecondsOf } from '../schema/values';
import { bindingKinds } from './bindingKinds';
import { namespaceOf } from './Environment';
import type { TargetEnvironment } from './Environment';
import { Layers } from './Layers';
import type { Layer } from './Layers';
import type {
  ResolvedAmounts,
  ResolvedApplication,
  ResolvedBinding,
  ResolvedMonitoring,
  ResolvedObjectives,
  ResolvedPort,
  ResolvedScaling,
} from './ResolvedApplication';
import { Sourced } from './Sourced';

/** Everything that decides about an application in an environment, the strongest first. */
export function createLayers(
  application: Application,
  environment: TargetEnvironment,
  platform: PlatformDefaults,
): Layers {
  const { spec } = application;
  const { environments, ...everywhere } = spec;
  const tier = spec.tier ?? 3;
  const layers: (Layer | undefined)[] = [
    environments?.[environment.name] && {
      name: `spec.environments.${environment.name}`,
      own: true,
      value: environments[environment.name],
    },
    { name: 'spec', own: true, value: everywhere },
    ...(environment.protected
      ? [
          platform.tiers[tier] && {
            name: `platform default for tier ${tier}`,
            own: false,
            value: platform.tiers[tier],
          },
          {
            name: 'platform default for protected environments',
            own: false,
            value: platform.protected,
          },
        ]
      : []),
    { name: 'platform default', own: false, value: platform.application },
  ];
  return new Layers(layers.filter(layer => layer !== undefined));
}

/** Decides everything that is left open. */
export function resolveApplication(
  application: Application,
  environment: TargetEnvironment,
  platform: PlatformDefaults,
): ResolvedApplication {
  const { metadata, spec } = application;
  const layers = createLayers(application, environment, platform);
  const owner = nameOf(spec.owner);
  const { image, version } = resolveImage(application, layers, platform);
  const ports = resolvePorts(spec.schedule ? [] : pickPorts(layers));
  const selector = { 'app.kubernetes.io/name': metadata.name };
  const monitoring = resolveMonitoring(layers, ports);
  return {
    application,
    environment,
    platform,
    layers,
    name: metadata.name,
    namespace: namespaceOf(environment, spec.system),
    owner,
    system: spec.system,
    tier: spec.tier ?? 3,
    version,
    image,
    labels: {
      ...metadata.labels,
      ...selector,
      'app.kubernetes.io/part-of': spec.system,
      'app.kubernetes.io/version': version,
      'app.kubernetes.io/managed-by': 'argocd',
      'backstage.io/kubernetes-id': metadata.name,
      owner,
      'cost-center': spec.costCenter
        ? new Sourced(spec.costCenter, 'spec.costCenter')
        : new Sourced(`cc-${owner}`.slice(0, 63), 'default: cc-<owner>'),
      environment: environment.name,
    },
    selector,
    ports,
    scaling: resolveScaling(layers),
    requests: resolveAmounts(layers, platform, 'requests'),
    limits: resolveAmounts(layers, platform, 'limits'),
    bindings: resolveBindings(
      application,
      layers,
      namespaceOf(environment, spec.system),
    ),
    monitoring,
    objectives: monitoring && resolveObjectives(layers),
  };
}

function nameOf(ref: string): string {
  return ref.slice(Math.max(ref.lastIndexOf('/'), ref.lastIndexOf(':')) + 1);
}

function resolveImage(
  { metadata, spec }: Application,
  layers: Layers,
  { registry }: PlatformDefaults,
) {
  const said =
    layers.pick<string>('image') ??
    new Sourced(
      `${registry}/${spec.system}/${metadata.name}`,
      'platform default: <registry>/<system>/<name>',
    );
  const [withTag, digest] = said.value.split('@');
  const colon = withTag.lastIndexOf(':');
  const tag =
    colon > withTag.lastIndexOf('/') ? withTag.slice(colon + 1) : undefined;
  const repository = tag === undefined ? withTag : withTag.slice(0, colon);
  const version = layers.pick<string>('version');
  // A version of the environment beats an image of the application, and the other way round
  if (version && layers.rank('version') <= layers.rank('image')) {
    return { version, image: version.map(each => `${repository}:${each}`) };
  }
  const known = tag ?? version?.value;
  return {
    image: said.map(each => (tag || digest ? each : `${each}:${known}`)),
    version: said.map(() =>
      toLabelValue(known ?? digest?.replace(':', '-') ?? 'unknown'),
    ),
  };
}

function toLabelValue(text: string): string {
  return text.slice(0, 63).replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '');
}

function pickPorts(layers: Layers) {
  return layers.pick<NonNullable<Workload['ports']>>('ports')?.value ?? [];
}

function resolvePorts(ports: NonNullable<Workload['ports']>): ResolvedPort[] {
  return ports.map(({ name, port, protocol }) => ({
    name,
    port,
    protocol: protocol ?? protocolOf(name),
  }));
}

function protocolOf(name: string): ResolvedPort['protocol'] {
  if (/^http/.test(name)) {
    return 'http';
  }
  return /^grpc/.test(name) ? 'grpc' : 'tcp';
}

function resolveScaling(layers: Layers): ResolvedScaling {
  const replicas = layers.pick<'auto' | number>('replicas');
  const fixed = typeof replicas?.value === 'number';
  // Who describes the scaling wants it, unless somebody stronger names a number
  const described =
    layers.isOwn('scaling') && layers.rank('scaling') < layers.rank('replicas');
  if (fixed && !described) {
    return { kind: 'fixed', replicas: replicas as Sourced<number> };
  }
  const min = layers.pick<number>('scaling', 'min')!;
  const max = layers.pick<number>('scaling', 'max')!;
  return {
    kind: 'automatic',
    min,
    max: max.value < min.value ? min : max,
    metric: layers.pick('scaling', 'metric')!,
    target: layers.pick('scaling', 'target')!,
  };
}

function resolveAmounts(
  layers: Layers,
  platform: PlatformDefaults,
  part: 'requests' | 'limits',
): ResolvedAmounts {
  const size = layers.pick<'small' | 'medium' | 'large'>('size')!;
  const amount = (name: 'cpu' | 'memory') =>
    // The size of an environment beats the amounts of the application
    layers.rank('resources', part, name) <= layers.rank('size')
      ? layers.pick<string>('resources', part, name)!
      : new Sourced(
          platform.sizes[size.value][part][name],
          `size ${size.value}, ${size.origin}`,
        );
  return { cpu: amount('cpu'), memory: amount('memory') };
}

function resolveBindings(
  { metadata }: Application,
  layers: Layers,
  namespace: string,
): ResolvedBinding[] {
  const bindings = layers.pick<NonNullable<Workload['bindings']>>('bindings');
  return (bindings?.value ?? []).map(({ name, kind, ...said }) => {
    const resource = said.resource ?? `${metadata.name}-${name}`;
    return {
      name,
      kind,
      resource,
      secret: said.secret ?? bindingKinds[kind].secretOf(resource),
      env: said.env ?? bindingKinds[kind].env,
      // Who names the variables names all of them
      values: said.env
        ? {}
        : bindingKinds[kind].valuesOf?.(resource, namespace) ?? {},
      origin: `binding ${name}, ${bindings!.origin}`,
    };
  });
}

function resolveMonitoring(
  layers: Layers,
  ports: readonly ResolvedPort[],
): ResolvedMonitoring | undefined {
  const off = layers.pick('monitoring')?.value === false;
  if (off || ports.length === 0) {
    return undefined;
  }
  const port = layers.pick<string>('monitoring', 'port')?.value;
  return {
    path: layers.pick('monitoring', 'path')!,
    port: ports.find(({ name }) => name === port) ?? ports[0],
    interval: layers.pick('monitoring', 'interval')!,
    duration: layers.pick<string>('monitoring', 'metrics', 'duration')!.value,
    status: layers.pick<string>('monitoring', 'metrics', 'status')!.value,
    buckets: layers.pick<number[]>('monitoring', 'metrics', 'buckets')!.value,
  };
}

function resolveObjectives(layers: Layers): ResolvedObjectives {
  const window = layers.pick<string>('slos', 'window')!.value;
  const share = (percent: number) => Number((percent / 100).toFixed(6));
  const latency = layers.pick<number>('slos', 'latency', 'objective');
  return {
    window,
    windowHours: millisecondsOf(window) / 3_600_000,
    availability: layers
      .pick<number>('slos', 'availability', 'objective')
      ?.map(share),
    latency: latency && {
      objective: latency.map(share),
      threshold: layers
        .pick<string>('slos', 'latency', 'threshold')!
        .map(text => millisecondsOf(text) / 1000),
    },
  };
}
