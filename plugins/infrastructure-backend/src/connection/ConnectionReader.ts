import { NotFoundError } from '@backstage/errors';
import type { KubernetesService } from '@waystone/integrations';
import type { Connection } from '@waystone/plugin-infrastructure-common';
import { z } from 'zod';
import type { DesiredResource, Provisioner } from '../provisioner/Provisioner';
import { createSnippets } from './createSnippets';

const secretSchema = z.object({
  data: z.record(z.string(), z.string()).nullish(),
});

const identitySchema = z.object({ metadata: z.object({ uid: z.string() }) });

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
    const secret = await this.secretOf(resource);
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
    const data = await this.read(resource, await this.secretOf(resource));
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

  /**
   * Gives it new credentials: its operator makes another Secret in place of the one that is deleted. Whoever has read the
   * old one keeps what no longer opens anything.
   *
   * @returns The name of the Secret.
   */
  async rotate(resource: DesiredResource): Promise<string> {
    const name = await this.secretOf(resource);
    const { cluster, namespace } = resource;
    const client = this.#kubernetes.cluster(cluster);
    const ref = { apiVersion: 'v1', kind: 'Secret', namespace, name };
    const { metadata } = await client.get(ref, { schema: identitySchema });
    await client.delete(ref, {
      // Asked for twice at once, it happens once.
      preconditions: { uid: metadata.uid },
    });
    return name;
  }

  /** @throws NotFoundError if there is no connection yet. */
  async secretOf(resource: DesiredResource): Promise<string> {
    const { connectionSecret } = await this.#provisioner.observe(resource);
    if (!connectionSecret) {
      throw new NotFoundError(
        `${resource.kind} '${resource.name}' has no connection yet`,
      );
    }
    return connectionSecret;
  }
}
