import { z } from 'zod';
import * as values from './values';

/** How large a container is, if nothing more exact is said. @public */
export const sizeSchema = z.enum(['small', 'medium', 'large']);

const port = z.strictObject({
  name: values.portName.describe('Its name, such as http.'),
  port: values.portNumber.describe('Where the container listens.'),
  protocol: z
    .enum(['http', 'grpc', 'tcp'])
    .optional()
    .describe('What is spoken. Default: http for a port named http, else tcp.'),
});

const fromSecret = z.strictObject({
  secret: values.objectName.describe('Name of a secret in the namespace.'),
  key: values.dataKey.describe('Which of its keys.'),
});

const fromBinding = z.strictObject({
  binding: values.shortName.describe('Name of one of spec.bindings.'),
  key: values.dataKey.describe('Which key of its secret, such as uri.'),
});

/** The value of an environment variable. */
const variable = z.union(
  [
    values.programText.max(32_000),
    z.number(),
    z.boolean(),
    fromSecret,
    fromBinding,
  ],
  {
    error: 'is neither a text, nor {secret, key}, nor {binding, key}',
  },
);

const scaling = z.strictObject({
  min: z.number().int().min(1).max(500).optional().describe('Fewest replicas.'),
  max: z.number().int().min(1).max(500).optional().describe('Most replicas.'),
  metric: z
    .enum(['cpu', 'memory'])
    .optional()
    .describe('What decides. Default: cpu.'),
  target: z
    .number()
    .int()
    .min(10)
    .max(95)
    .optional()
    .describe('How much of what is requested may be used, in percent.'),
});

const amounts = z.strictObject({
  cpu: values.cpu.optional(),
  memory: values.memory.optional(),
});

const probe = z.union(
  [
    z.literal(false),
    z.strictObject({
      path: values.urlPath
        .optional()
        .describe('Asked by HTTP. Without it, the port is opened.'),
      port: values.portName
        .optional()
        .describe('Name of the port. Default: the first.'),
      command: z
        .array(values.programText.min(1).max(1000))
        .min(1)
        .max(20)
        .optional()
        .describe('Run in the container instead.'),
      periodSeconds: z.number().int().min(1).max(300).optional(),
      timeoutSeconds: z.number().int().min(1).max(60).optional(),
      failureThreshold: z.number().int().min(1).max(100).optional(),
    }),
  ],
  { error: 'is neither false nor an object such as {path: /health/ready}' },
);

const ingress = z.union(
  [
    z.literal(false),
    z.strictObject({
      host: values.hostName
        .optional()
        .describe('Default: <name>.<environment>.<domain of the platform>.'),
      path: values.urlPath.optional().describe('Default: /.'),
      port: values.portName
        .optional()
        .describe('Name of the port. Default: the first.'),
      tls: z.boolean().optional().describe('Default: true.'),
      class: values.objectName.optional(),
    }),
  ],
  {
    error: 'is neither false nor an object such as {host: loyalty.example.com}',
  },
);

/** Kinds of infrastructure that can be bound. @public */
export const infrastructureKindSchema = z.enum([
  'PostgreSQLInstance',
  'RedisInstance',
  'MongoDBInstance',
  'MessageQueue',
  'Bucket',
]);

const binding = z.strictObject({
  name: values.shortName.describe(
    'What the application calls it, such as database.',
  ),
  kind: infrastructureKindSchema,
  resource: values.objectName
    .optional()
    .describe(
      'Name of the object in the namespace. Default: <application>-<name>.',
    ),
  secret: values.objectName
    .optional()
    .describe('Its secret, where it is not named as the platform names it.'),
  env: z
    .record(values.variableName, values.dataKey)
    .optional()
    .describe(
      'Variables and the keys of the secret that they get. Default: by its kind.',
    ),
});

const peer = z.strictObject({
  application: values.applicationName,
  system: values.labelName.optional().describe('Default: the same system.'),
});

const destination = z.union(
  [
    peer.extend({
      ports: z.array(values.portNumber).min(1).max(20).optional(),
    }),
    z.strictObject({
      cidr: values.addressRange,
      ports: z.array(values.portNumber).min(1).max(20),
    }),
    z.strictObject({
      internet: z
        .array(values.portNumber)
        .min(1)
        .max(20)
        .describe('Ports of any address that is not private.'),
    }),
  ],
  {
    error: 'is neither {application}, nor {cidr, ports}, nor {internet: [443]}',
  },
);

const network = z.strictObject({
  from: z
    .array(peer)
    .max(50)
    .optional()
    .describe('Applications that may call it.'),
  to: z.array(destination).max(50).optional().describe('What it may call.'),
});

const objective = z.number().min(90).max(99.999).describe('In percent.');

const availability = z.union(
  [z.literal(false), z.strictObject({ objective: objective.optional() })],
  { error: 'is neither false nor an object such as {objective: 99.9}' },
);

const latency = z.union(
  [
    z.literal(false),
    z.strictObject({
      objective: objective.optional(),
      threshold: values.duration
        .optional()
        .describe('Requests that take longer are slow.'),
    }),
  ],
  {
    error:
      'is neither false nor an object such as {objective: 99, threshold: 500ms}',
  },
);

const slos = z.strictObject({
  window: z.enum(['7d', '28d', '30d', '90d']).optional(),
  availability: availability.optional(),
  latency: latency.optional(),
});

const metricName = z
  .string()
  .max(200)
  .regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'is not the name of a metric or a label');

const monitoring = z.union(
  [
    z.literal(false),
    z.strictObject({
      path: values.urlPath.optional().describe('Default: /metrics.'),
      port: values.portName
        .optional()
        .describe('Name of the port. Default: the first.'),
      interval: z.enum(['15s', '30s', '60s']).optional(),
      metrics: z
        .strictObject({
          duration: metricName
            .optional()
            .describe('A histogram of requests in seconds.'),
          status: metricName
            .optional()
            .describe('Its label with the status code.'),
          buckets: z
            .array(z.number().positive())
            .min(1)
            .max(50)
            .optional()
            .describe('Upper bounds of its buckets, in seconds.'),
        })
        .optional()
        .describe("Default: OpenTelemetry's semantic conventions of HTTP."),
    }),
  ],
  { error: 'is neither false nor an object such as {path: /metrics}' },
);

const target = z.strictObject({
  kind: z
    .string()
    .min(1)
    .max(63)
    .regex(/^[A-Za-z]+$/),
  name: values.objectName.optional(),
});

const jsonPointer = z
  .string()
  .max(500)
  .regex(/^(\/[^/]+)+\/?$/, 'is not a pointer such as /spec/replicas');

const jsonOperation = z.strictObject({
  op: z.enum(['add', 'remove', 'replace', 'test', 'copy', 'move']),
  path: jsonPointer,
  from: jsonPointer.optional(),
  value: z.unknown().optional(),
});

const patch = z.union(
  [
    z.strictObject({
      target,
      reason: values.plainText
        .optional()
        .describe('Why the model is not enough.'),
      strategic: z
        .record(z.string(), z.unknown())
        .describe('Merged as kubectl patch does it.'),
    }),
    z.strictObject({
      target,
      reason: values.plainText.optional(),
      json: z.array(jsonOperation).min(1).max(50).describe('RFC 6902.'),
    }),
  ],
  { error: 'is neither {target, strategic} nor {target, json}' },
);

const extraManifest = z.looseObject({
  apiVersion: z.string().min(1).max(200),
  kind: z
    .string()
    .min(1)
    .max(63)
    .regex(/^[A-Za-z0-9]+$/),
  metadata: z.looseObject({ name: values.objectName }),
});

/** What may differ between environments. */
export const workloadFields = {
  image: values.image
    .optional()
    .describe('Default: <registry>/<system>/<name>.'),
  version: values.version
    .optional()
    .describe('The tag of the image; wins over a tag in image.'),
  command: z.array(values.programText.max(4000)).max(50).optional(),
  args: z.array(values.programText.max(4000)).max(100).optional(),
  ports: z
    .array(port)
    .max(10)
    .optional()
    .describe('Default: http on 8080. An empty list is a worker.'),
  env: z.record(values.variableName, variable).optional(),
  replicas: z
    .union([z.literal('auto'), z.number().int().min(0).max(500)], {
      error: 'is neither auto nor a number from 0 to 500',
    })
    .optional(),
  scaling: scaling.optional().describe('For replicas: auto.'),
  size: sizeSchema.optional(),
  resources: z
    .strictObject({ requests: amounts.optional(), limits: amounts.optional() })
    .optional()
    .describe('Where a size does not fit.'),
  probes: z
    .strictObject({
      readiness: probe.optional(),
      liveness: probe.optional(),
      startup: probe.optional(),
    })
    .optional(),
  ingress: ingress
    .optional()
    .describe(
      'How it is reached from outside the cluster. Default: not at all.',
    ),
  bindings: z.array(binding).max(20).optional(),
  network: network.optional(),
  slos: slos.optional(),
  monitoring: monitoring.optional(),
  dashboards: z
    .array(z.enum(['standard']))
    .max(1)
    .optional()
    .describe('Default: standard.'),
  temporary: z
    .array(values.urlPath)
    .max(10)
    .optional()
    .describe(
      'Folders that it may write to; gone with the container. Default: /tmp.',
    ),
  gracePeriodSeconds: z.number().int().min(1).max(600).optional(),
  patches: z
    .array(patch)
    .max(50)
    .optional()
    .describe(
      'Changes to the compiled objects that the model has no field for.',
    ),
  manifests: z
    .array(extraManifest)
    .max(50)
    .optional()
    .describe('Objects that the model does not know.'),
};

/** What may differ between environments, with what is only said of one of them. */
export const environmentSchema = z.strictObject({
  promotion: z
    .enum(['auto', 'manual', 'gated'])
    .optional()
    .describe('How a version gets here.'),
  ...workloadFields,
});
