import { NotFoundError } from '@backstage/errors';
import type { KubernetesService } from '@waystone/integrations';
import type { Connection } from '@waystone/plugin-infrastructure-common';
import { z } from 'zod';
import type { DesiredResource, Provisioner } from '../provisioner/Provisioner';
import { createSnippets } from './createSnippets';

const secretSchema = z.object({
  data: z.record(z.string(), z.string()).nullish(),
});

/** Reads Secrets of connections. Values are never kept. */
export class ConnectionReader {
  readonly #kubernetes: KubernetesService;
  readonly #provisioner: Provisioner;

  constructor(options: {
    readonly kubernetes: KubernetesService;
    readonly provisioner: Provisioner;
  }) {
    this.#kubernetes = options.kubernetes;
    this.#provisioner = options.provisioner;
  }

  /** Where the connection is and which keys it has. */
  async describe(
    resource: DesiredResource,
    engine: string | undefined,
  ): Promise<Connection> {
    const secret = await this.#secretOf(resource);
    const data = await this.read(resource, secret);
    const keys = Object.keys(data).sort();
    const { cluster, namespace } = resource;
    return {
      cluster,
      namespace,
      secret,
      keys,
      ...(engine && { engine }),
      snippets: createSnippets({ namespace, secret, keys, engine }),
    };
  }

  /** One value. */
  async reveal(resource: DesiredResource, key: string): Promise<string> {
    const data = await this.read(resource, await this.#secretOf(resource));
    if (!Object.hasOwn(data, key)) {
      throw new NotFoundError(
        'The connection has no such key; its keys are in the list',
      );
    }
    return data[key];
  }

  /** All values of a Secret, decoded. */
  async read(
    { cluster, namespace }: Pick<DesiredResource, 'cluster' | 'namespace'>,
    secret: string,
  ): Promise<Readonly<Record<string, string>>> {
    const { data } = await this.#kubernetes
      .cluster(cluster)
      .get(
        { apiVersion: 'v1', kind: 'Secret', namespace, name: secret },
        { schema: secretSchema },
      );
    return Object.fromEntries(
      Object.entries(data ?? {}).map(([key, value]) => [
        key,
        Buffer.from(value, 'base64').toString('utf8'),
      ]),
    );
  }

  async #secretOf(resource: DesiredResource): Promise<string> {
    const { connectionSecret } = await this.#provisioner.observe(resource);
    if (!connectionSecret) {
      throw new NotFoundError(
        `${resource.kind} '${resource.name}' has no connection yet`,
      );
    }
    return connectionSecret;
  }
}
