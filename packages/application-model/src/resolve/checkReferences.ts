import { problemAt } from '../Problem';
import type { FieldPath, Problem } from '../Problem';
import type { Application, Workload } from '../schema/Application';
import { bytesOf, milliCpuOf, millisecondsOf } from '../schema/values';
import { nearest } from '../text/nearest';

/** A level at which a team says something. */
interface Level {
  readonly path: FieldPath;
  /** What is said here. */
  readonly said: Workload;
  /** What holds here: said here, or of all environments. */
  readonly holds: Workload;
}

/** What a schema can't see: names that name something, and amounts that fit each other. */
export function checkReferences({ spec }: Application): Problem[] {
  const { environments = {}, ...everywhere } = spec;
  const levels: Level[] = [
    { path: ['spec'], said: everywhere, holds: everywhere },
    ...Object.entries(environments).map(([name, said]) => ({
      path: ['spec', 'environments', name],
      said,
      holds: {
        ...everywhere,
        ...said,
        env: { ...everywhere.env, ...said.env },
      },
    })),
  ];
  const problems = levels.flatMap(level => [
    ...checkNames(level),
    ...checkPorts(level),
    ...checkVariables(level),
    ...checkScaling(level),
    ...checkAmounts(level),
    ...checkLatency(level),
  ]);
  const withoutVersion = levels
    .slice(spec.environments === undefined ? 0 : 1)
    .filter(({ holds: { image, version } }) => !version && !hasTag(image));
  return [
    ...problems,
    ...(withoutVersion.length > 0
      ? [
          problemAt(
            spec.version === undefined &&
              withoutVersion.length === levels.length - 1
              ? ['spec', 'version']
              : [...withoutVersion[0].path, 'version'],
            {
              code: 'missing-version',
              message: 'It is not said which version of the image runs.',
              suggestion: 'Add it, such as version: 1.0.0.',
            },
          ),
        ]
      : []),
  ];
}

function hasTag(image: string | undefined): boolean {
  return (
    image !== undefined &&
    (image.includes('@') || image.lastIndexOf(':') > image.lastIndexOf('/'))
  );
}

function checkNames({ path, said }: Level): Problem[] {
  const lists = [
    ['ports', said.ports ?? []],
    ['bindings', said.bindings ?? []],
  ] as const;
  return lists.flatMap(([list, items]) =>
    items.flatMap(({ name }, index) =>
      items.findIndex(each => each.name === name) === index
        ? []
        : [
            problemAt([...path, list, index, 'name'], {
              code: 'duplicate-name',
              message: `There are two ${list} named '${name}'.`,
              suggestion: 'Rename one of them.',
            }),
          ],
    ),
  );
}

function checkPorts({ path, said, holds }: Level): Problem[] {
  const names = (holds.ports ?? [{ name: 'http' }]).map(({ name }) => name);
  const { readiness, liveness, startup } = said.probes ?? {};
  const uses: [FieldPath, string | undefined][] = [
    [['ingress', 'port'], of(said.ingress)?.port],
    [['monitoring', 'port'], of(said.monitoring)?.port],
    [['probes', 'readiness', 'port'], of(readiness)?.port],
    [['probes', 'liveness', 'port'], of(liveness)?.port],
    [['probes', 'startup', 'port'], of(startup)?.port],
  ];
  return uses.flatMap(([field, name]) =>
    name === undefined || names.includes(name)
      ? []
      : [
          problemAt([...path, ...field], {
            code: 'unknown-port',
            message: `There is no port named '${name}'.`,
            suggestion: suggest(name, names),
          }),
        ],
  );
}

function of<T extends object>(value: T | false | undefined): T | undefined {
  return value === false ? undefined : value;
}

function checkVariables({ path, said, holds }: Level): Problem[] {
  const names = (holds.bindings ?? []).map(({ name }) => name);
  return Object.entries(said.env ?? {}).flatMap(([variable, value]) =>
    typeof value !== 'object' ||
    !('binding' in value) ||
    names.includes(value.binding)
      ? []
      : [
          problemAt([...path, 'env', variable, 'binding'], {
            code: 'unknown-binding',
            message: `There is no binding named '${value.binding}'.`,
            suggestion: suggest(value.binding, names),
          }),
        ],
  );
}

function suggest(name: string, names: readonly string[]): string {
  const meant = nearest(name, names);
  if (meant) {
    return `Did you mean '${meant}'?`;
  }
  return names.length > 0
    ? `There are: ${names.join(', ')}.`
    : 'There are none.';
}

function checkScaling({ path, said, holds }: Level): Problem[] {
  const { min, max } = { ...holds.scaling, ...said.scaling };
  return [
    ...(min !== undefined && max !== undefined && said.scaling && min > max
      ? [
          problemAt([...path, 'scaling', 'min'], {
            code: 'min-over-max',
            message: `At least ${min} replicas are more than at most ${max}.`,
            suggestion: 'Exchange them.',
          }),
        ]
      : []),
    ...(typeof said.replicas === 'number' && said.scaling
      ? [
          problemAt([...path, 'replicas'], {
            code: 'replicas-and-scaling',
            message: `${said.replicas} replicas and automatic scaling exclude each other.`,
            suggestion: 'Write replicas: auto, or remove scaling.',
          }),
        ]
      : []),
  ];
}

function checkAmounts({ path, said }: Level): Problem[] {
  const { requests, limits } = said.resources ?? {};
  const over = (
    name: 'cpu' | 'memory',
    size: (text: string) => number,
  ): Problem[] => {
    const [request, limit] = [requests?.[name], limits?.[name]];
    return request !== undefined &&
      limit !== undefined &&
      size(request) > size(limit)
      ? [
          problemAt([...path, 'resources', 'requests', name], {
            code: 'request-over-limit',
            message: `It requests ${request} of ${name}, more than its limit of ${limit}.`,
            suggestion: `Request at most ${limit}.`,
          }),
        ]
      : [];
  };
  return [...over('cpu', milliCpuOf), ...over('memory', bytesOf)];
}

/** OpenTelemetry's boundaries, in seconds. */
const BUCKETS = [
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
];

function checkLatency({ path, said, holds }: Level): Problem[] {
  const latency = of(said.slos?.latency);
  if (!latency?.threshold) {
    return [];
  }
  const seconds = millisecondsOf(latency.threshold) / 1000;
  const buckets = of(holds.monitoring)?.metrics?.buckets ?? BUCKETS;
  return buckets.includes(seconds)
    ? []
    : [
        problemAt([...path, 'slos', 'latency', 'threshold'], {
          code: 'not-a-bucket',
          message: `The histogram has no boundary at ${latency.threshold}, so that nothing could be measured.`,
          suggestion: `Write ${around(
            seconds,
            buckets,
          )}, or name your boundaries in monitoring.metrics.buckets.`,
        }),
      ];
}

function around(seconds: number, buckets: readonly number[]): string {
  const sorted = buckets.toSorted((a, b) => a - b);
  return [
    sorted.findLast(each => each < seconds),
    sorted.find(each => each > seconds),
  ]
    .filter(each => each !== undefined)
    .map(each => `${Number((each * 1000).toFixed(3))}ms`)
    .join(' or ');
}
