import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NotFoundError } from '@backstage/errors';
import { UpstreamError } from '@waystone/integrations';
import type {
  KubernetesClient,
  KubernetesManifest,
  KubernetesObject,
  KubernetesService,
  ObjectRef,
  WatchedCacheOptions,
} from '@waystone/integrations';
import { parse } from 'yaml';

type Stored = KubernetesObject & { readonly [field: string]: any };

/** The definition of PostgreSQL as the platform installs it, established. */
export function readDefinition(): Stored {
  return {
    ...parse(
      readFileSync(
        join(
          // Tests run from the sources.
          // eslint-disable-next-line no-restricted-syntax
          __dirname,
          '../../../../platform/crossplane/postgresql/definition.yaml',
        ),
        'utf8',
      ),
    ),
    status: { conditions: [{ type: 'Established', status: 'True' }] },
  };
}

const DONE = {
  phase: 'completed',
  backupId: '20260301T020000',
  startedAt: '2026-03-01T02:00:00Z',
  stoppedAt: '2026-03-01T02:01:00Z',
};

/** One cluster in memory that knows definitions, takes objects and makes them ready at once. */
export class FakeKubernetes {
  readonly objects = new Map<string, Stored>();
  readonly writes: { readonly dryRun: boolean; readonly name?: string }[] = [];
  definitions: readonly Stored[] = [readDefinition()];
  /** What every call fails with. */
  failure?: UpstreamError;
  secret: Record<string, string> = {};
  secretUid = 'first';
  /** What the policies of the cluster say of what is applied. */
  verdict?: (manifest: KubernetesManifest) => UpstreamError | undefined;

  get service(): KubernetesService {
    const { client } = this;
    return {
      clusters: [client],
      cluster: (name: string) => {
        if (name !== 'nonprod') {
          throw new NotFoundError(`There is no cluster '${name}'`);
        }
        return client;
      },
    } as unknown as KubernetesService;
  }

  get client(): KubernetesClient {
    const answer = () => {
      if (this.failure) {
        throw this.failure;
      }
    };
    return {
      cluster: 'nonprod',
      cache: (options: WatchedCacheOptions<unknown>) => {
        const read = () =>
          (options.kind.kind === 'CompositeResourceDefinition'
            ? this.definitions
            : [...this.objects.values()].filter(
                ({ kind }) => kind === options.kind.kind,
              )
          ).map(object => [
            object.metadata.name,
            options.transform?.(object),
          ]) as [string, unknown][];
        return {
          [Symbol.iterator]: () => new Map(read()).values(),
          state: { synced: true },
          get: (name: string) => new Map(read()).get(name),
          subscribe: () => () => {},
          whenSynced: async () => {},
          release: async () => {},
        };
      },
      find: async (ref: ObjectRef) => {
        answer();
        return this.objects.get(keyOf(ref));
      },
      get: async (ref: ObjectRef) => {
        answer();
        if (ref.kind !== 'Secret') {
          return this.objects.get(keyOf(ref));
        }
        return {
          metadata: { name: ref.name, uid: this.secretUid },
          data: Object.fromEntries(
            Object.entries(this.secret).map(([key, value]) => [
              key,
              Buffer.from(value).toString('base64'),
            ]),
          ),
        };
      },
      apply: async (
        manifest: KubernetesManifest,
        { dryRun = false }: { readonly dryRun?: boolean },
      ) => {
        answer();
        const { metadata } = manifest;
        const refusal = this.verdict?.(manifest);
        if (refusal) {
          throw refusal;
        }
        this.writes.push({ dryRun, name: metadata.name });
        if (!dryRun) {
          const { apiVersion, kind } = manifest;
          const { name = '', namespace } = metadata;
          this.objects.set(keyOf({ apiVersion, kind, name, namespace }), {
            ...manifest,
            metadata: { ...metadata, name, uid: 'u', generation: 1 },
            // As if it were done at once.
            status:
              kind === 'Backup'
                ? DONE
                : {
                    conditions: ['Synced', 'Ready'].map(type => ({
                      type,
                      status: 'True',
                    })),
                    connectionSecret: { name: `${name}-app` },
                  },
          } as Stored);
        }
        const { apiVersion, kind } = manifest;
        const { name = '', namespace } = metadata;
        const stored = this.objects.get(
          keyOf({ apiVersion, kind, name, namespace }),
        );
        return { object: dryRun ? manifest : stored, warnings: [] };
      },
      delete: async (ref: ObjectRef) => {
        answer();
        if (ref.kind === 'Secret') {
          this.secretUid = `${this.secretUid} and another`;
        }
        this.objects.delete(keyOf(ref));
        return { found: true, warnings: [] };
      },
      events: async () => [],
      list: async ({ kind }: { readonly kind: string }) => {
        answer();
        return {
          items: [...this.objects.values()].filter(each => each.kind === kind),
          resourceVersion: '1',
          warnings: [],
        };
      },
    } as unknown as KubernetesClient;
  }
}

/** A refusal by Gatekeeper, as the client of the cluster reports it. */
export function policyDenial(policy: string, message: string): UpstreamError {
  return new UpstreamError({
    system: 'kubernetes',
    instance: 'nonprod',
    operation: 'apply',
    code: 'denied',
    reason: 'a policy forbids it',
    details: {
      type: 'policy-denied',
      denials: [{ engine: 'gatekeeper', policy, message }],
    },
  });
}

function keyOf({ apiVersion, kind, namespace, name }: ObjectRef): string {
  return `${apiVersion} ${kind} ${namespace} ${name}`;
}
