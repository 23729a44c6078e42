import type { SandboxContext } from '../../core/SandboxContext';
import type { KubernetesObject } from '../../kubernetes/KubernetesCluster';

const PORTS: readonly (readonly [RegExp, number])[] = [
  [/redis|valkey|dragonfly/i, 6379],
  [/rabbit/i, 5672],
  [/mongo/i, 27017],
  [/mysql|maria/i, 3306],
  [/kafkauser/i, 9092],
  [/nats/i, 4222],
];

const BUCKET = /bucket/i;

/** The Secret that an operator would write for something that is not there; undefined if it would write none. */
export function simulatedSecretName({
  kind,
  metadata,
  spec,
}: KubernetesObject): string | undefined {
  const asked: unknown = spec?.writeConnectionSecretToRef?.name;
  if (typeof asked === 'string') {
    return asked;
  }
  switch (kind) {
    case 'PerconaServerMongoDB':
      return spec?.secrets?.users;
    case 'KafkaUser':
      return metadata.name;
    case 'RabbitmqCluster':
      return `${metadata.name}-default-user`;
    default:
      return BUCKET.test(kind) || PORTS.some(([kinds]) => kinds.test(kind))
        ? `${metadata.name}-connection`
        : undefined;
  }
}

/** What a connection secret of something that is not there says, in base64. */
export function simulatedConnection(
  context: Pick<SandboxContext, 'deriveToken'>,
  { kind, metadata, spec }: KubernetesObject,
): Record<string, string> {
  const { name, namespace } = metadata;
  const purpose = `simulated ${kind} ${namespace}/${name}`;
  const data: Record<string, string> = BUCKET.test(kind)
    ? {
        bucket: name!,
        region: spec?.forProvider?.region ?? 'eu-central-1',
        endpoint: `https://${name}.s3.simulated.invalid`,
        accessKeyId: context.deriveToken(`${purpose} id`).slice(0, 20),
        secretAccessKey: context.deriveToken(`${purpose} key`),
      }
    : {
        host: `${name}.${namespace}.svc`,
        port: String(PORTS.find(([kinds]) => kinds.test(kind))?.[1] ?? 443),
        username: 'app',
        password: context.deriveToken(purpose).slice(0, 32),
      };
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [
      key,
      Buffer.from(value).toString('base64'),
    ]),
  );
}
