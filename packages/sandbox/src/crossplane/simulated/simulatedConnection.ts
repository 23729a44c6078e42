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
    case 'Valkey':
      return spec?.binding?.secretName ?? `valkey-${metadata.name}-binding`;
    case 'PerconaServerMongoDB':
      return spec?.secrets?.users;
    case 'KafkaUser':
      return metadata.name;
    case 'RabbitmqCluster':
      return `${metadata.name}-default-user`;
    default:
      return PORTS.some(([kinds]) => kinds.test(kind))
        ? `${metadata.name}-connection`
        : undefined;
  }
}

/** What a connection secret of something that is not there says, in base64. */
export function simulatedConnection(
  context: Pick<SandboxContext, 'deriveToken'>,
  { kind, metadata }: KubernetesObject,
): Record<string, string> {
  const { name, namespace } = metadata;
  const purpose = `simulated ${kind} ${namespace}/${name}`;
  const password = context.deriveToken(purpose).slice(0, 32);
  const data: Record<string, string> = {
    username: 'app',
    password,
    // The provider of AWS writes no more than the two
    ...(kind !== 'AccessKey' && {
      host: `${name}.${namespace}.svc`,
      port: String(PORTS.find(([kinds]) => kinds.test(kind))?.[1] ?? 443),
    }),
    ...(kind === 'PerconaServerMongoDB' && {
      MONGODB_DATABASE_ADMIN_USER: 'databaseAdmin',
      MONGODB_DATABASE_ADMIN_PASSWORD: password,
    }),
    ...(kind === 'Valkey' && {
      username: 'default',
      host: `valkey-${name}-primary.${namespace}.svc.cluster.local`,
      uri: `rediss://default:${password}@valkey-${name}-primary.${namespace}.svc.cluster.local:6379`,
    }),
  };
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [
      key,
      Buffer.from(value).toString('base64'),
    ]),
  );
}
