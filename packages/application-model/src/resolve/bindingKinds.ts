import type { z } from 'zod';
import type { infrastructureKindSchema } from '../schema/workload';

/** Something that the platform provides on request. @public */
export type InfrastructureKind = z.infer<typeof infrastructureKindSchema>;

/** How a kind of infrastructure is reached. */
export interface BindingKind {
  /** The name of its secret. */
  secretOf(resource: string): string;
  /** Variables and the keys of the secret that they get. */
  readonly env: Readonly<Record<string, string>>;
  /** Variables that no secret has: what follows from the name of the resource and the namespace that it shares with the application. */
  valuesOf?(
    resource: string,
    namespace: string,
  ): Readonly<Record<string, string>>;
  /** Ports that it listens on. */
  readonly ports: readonly number[];
  /** The labels of its pods; without them it is outside the cluster. */
  podsOf?(resource: string): Readonly<Record<string, string>>;
}

/** As platform/crossplane composes them. */
export const bindingKinds: Readonly<Record<InfrastructureKind, BindingKind>> = {
  PostgreSQLInstance: {
    secretOf: resource => `${resource}-app`,
    env: { DATABASE_URL: 'uri' },
    ports: [5432],
    podsOf: resource => ({ 'cnpg.io/cluster': resource }),
  },
  RedisInstance: {
    secretOf: resource => `${resource}-connection`,
    env: {
      REDIS_HOST: 'host',
      REDIS_PORT: 'port',
      REDIS_USERNAME: 'username',
      REDIS_PASSWORD: 'password',
    },
    ports: [6379],
    podsOf: resource => ({ 'app.kubernetes.io/instance': resource }),
  },
  MongoDBInstance: {
    // The keys are those of Percona's operator
    secretOf: resource => `${resource}-users`,
    env: {
      MONGODB_USERNAME: 'MONGODB_DATABASE_ADMIN_USER',
      MONGODB_PASSWORD: 'MONGODB_DATABASE_ADMIN_PASSWORD',
    },
    valuesOf: (resource, namespace) => ({
      MONGODB_HOST: `${resource}-rs0.${namespace}.svc`,
      MONGODB_PORT: '27017',
    }),
    ports: [27017],
    podsOf: resource => ({ 'app.kubernetes.io/instance': resource }),
  },
  MessageQueue: {
    secretOf: resource => `${resource}-default-user`,
    env: {
      AMQP_HOST: 'host',
      AMQP_PORT: 'port',
      AMQP_USERNAME: 'username',
      AMQP_PASSWORD: 'password',
    },
    ports: [5672],
    podsOf: resource => ({ 'app.kubernetes.io/name': resource }),
  },
  Bucket: {
    // As the provider's AccessKey writes them
    secretOf: resource => `${resource}-connection`,
    env: {
      AWS_ACCESS_KEY_ID: 'username',
      AWS_SECRET_ACCESS_KEY: 'password',
    },
    valuesOf: (resource, namespace) => ({
      S3_BUCKET: `${namespace}-${resource}`,
    }),
    ports: [443],
  },
};
