import { InputError } from '@backstage/errors';
import type { Environments } from '@waystone/environments';
import type {
  KubernetesClient,
  KubernetesManifest,
  KubernetesService,
} from '@waystone/integrations';
import type {
  CheckedObject,
  CheckRequest,
  CheckResponse,
} from '@waystone/plugin-governance-common';
import { z } from 'zod';
import { explainRefusal, explainWarning } from './explainVerdict';
import type { FixOf } from './explainVerdict';
import { readManifests } from './readManifests';

/** Who owns the fields, if anything were stored. */
const FIELD_MANAGER = 'waystone-check';

/** How many objects a cluster is asked about at once. */
const AT_ONCE = 4;

/** Rights and gates are not asked about in the portal's name: a cluster's answer would tell of the portal's rights. */
const REFUSED_GROUPS = [
  'rbac.authorization.k8s.io',
  'authorization.k8s.io',
  'authentication.k8s.io',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'certificates.k8s.io',
  'constraints.gatekeeper.sh',
  'templates.gatekeeper.sh',
  'kyverno.io',
];

const manifestSchema = z.looseObject({
  apiVersion: z.string().min(1).max(300),
  kind: z.string().min(1).max(100),
  metadata: z.looseObject({
    name: z.string().min(1).max(253),
    namespace: z.string().max(63).optional(),
  }),
});

/**
 * Asks the cluster of an environment what it says of manifests, by server-side dry-run: defaults, schema, policies and
 * quota say what they would say, and nothing is stored.
 *
 * @remarks
 * It asks in the portal's name, and therefore only for namespaced kinds, in namespaces of the environment, and tells
 * verdicts, never objects: a dry run answers with what is in the cluster.
 */
export class ManifestChecker {
  readonly #environments: Environments;
  readonly #kubernetes: Pick<KubernetesService, 'cluster'>;
  readonly #fixOf: FixOf;

  constructor(options: {
    readonly environments: Environments;
    readonly kubernetes: Pick<KubernetesService, 'cluster'>;
    readonly fixOf: FixOf;
  }) {
    this.#environments = options.environments;
    this.#kubernetes = options.kubernetes;
    this.#fixOf = options.fixOf;
  }

  /** @throws InputError if the manifests cannot be read, or there is no such environment. */
  async check(
    request: CheckRequest,
    signal?: AbortSignal,
  ): Promise<CheckResponse> {
    const environment = this.#environments.get(request.environment);
    if (!environment) {
      const names = this.#environments.all.map(({ name }) => name).join(', ');
      throw new InputError(
        `There is no environment '${request.environment}'; there are: ${
          names || 'none'
        }`,
      );
    }
    const manifests = readManifests(request.manifests);
    const client = this.#kubernetes.cluster(environment.cluster);
    const objects: CheckedObject[] = [];
    for (let start = 0; start < manifests.length; start += AT_ONCE) {
      objects.push(
        ...(await Promise.all(
          manifests.slice(start, start + AT_ONCE).map((manifest, index) =>
            this.#checkOne(client, manifest, {
              index: start + index,
              environment: environment.name,
              namespace: request.namespace,
              signal,
            }),
          ),
        )),
      );
    }
    const has = (outcome: CheckedObject['outcome']) =>
      objects.some(object => object.outcome === outcome);
    return {
      cluster: environment.cluster,
      outcome:
        (has('refused') && 'refused') ||
        (has('unknown') ? 'unknown' : 'accepted'),
      objects,
      checkedAt: new Date().toISOString(),
    };
  }

  async #checkOne(
    client: KubernetesClient,
    manifest: Readonly<Record<string, unknown>>,
    options: {
      readonly index: number;
      readonly environment: string;
      readonly namespace?: string;
      readonly signal?: AbortSignal;
    },
  ): Promise<CheckedObject> {
    const { index, signal } = options;
    const parsed = manifestSchema.safeParse(manifest);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      return refuse({ index }, 'schema', issue.message, issue.path.join('.'));
    }
    const { apiVersion, kind, metadata } = parsed.data;
    const namespace = metadata.namespace ?? options.namespace;
    const address = {
      index,
      apiVersion,
      kind,
      name: metadata.name,
      ...(namespace && { namespace }),
    };
    const slash = apiVersion.indexOf('/');
    if (REFUSED_GROUPS.includes(apiVersion.slice(0, Math.max(0, slash)))) {
      return refuse(
        address,
        'access',
        `${kind} is not checked here: it is about what others may do in the cluster`,
        'kind',
      );
    }
    if (!namespace) {
      return refuse(
        address,
        'schema',
        'No namespace is named',
        'metadata.namespace',
      );
    }
    if (
      this.#environments.find(client.cluster, namespace)?.environment.name !==
      options.environment
    ) {
      return refuse(
        address,
        'access',
        `'${namespace}' is no namespace of this environment`,
        'metadata.namespace',
      );
    }
    try {
      const { namespaced } = await client.resolveKind(
        { apiVersion, kind },
        { signal },
      );
      if (!namespaced) {
        return refuse(
          address,
          'access',
          `${kind} belongs to the whole cluster and is not checked here`,
          'kind',
        );
      }
      const { warnings } = await client.apply(
        withoutServerFields(parsed.data, namespace),
        { dryRun: true, force: true, fieldManager: FIELD_MANAGER, signal },
      );
      return {
        ...address,
        outcome: 'accepted',
        verdicts: warnings.map(warning =>
          explainWarning(warning, manifest, this.#fixOf),
        ),
      };
    } catch (error) {
      const { outcome, verdicts } = explainRefusal(
        error,
        manifest,
        this.#fixOf,
      );
      return { ...address, outcome, verdicts: [...verdicts] };
    }
  }
}

function refuse(
  address: Omit<CheckedObject, 'outcome' | 'verdicts'>,
  source: CheckedObject['verdicts'][number]['source'],
  message: string,
  field?: string,
): CheckedObject {
  return {
    ...address,
    outcome: 'refused',
    verdicts: [{ severity: 'error', source, message, ...(field && { field }) }],
  };
}

/** What is copied out of a cluster has fields that an apply must not have. */
function withoutServerFields(
  manifest: z.output<typeof manifestSchema>,
  namespace: string,
): KubernetesManifest {
  const { metadata, status: _status, ...rest } = manifest;
  const { annotations, labels, name } = metadata;
  return {
    ...rest,
    metadata: {
      name,
      namespace,
      ...(isTextRecord(labels) && { labels }),
      ...(isTextRecord(annotations) && { annotations }),
    },
  };
}

function isTextRecord(value: unknown): value is Record<string, string> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
