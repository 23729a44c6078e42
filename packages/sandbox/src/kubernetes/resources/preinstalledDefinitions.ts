import { createHash } from 'node:crypto';
import type { KubernetesObject } from '../KubernetesCluster';
import { readContract } from '../schema/contractsFolder';
import { deepFreeze } from '../store/deepFreeze';
import type { JsonSchema } from '../schema/JsonSchema';

/** Schemas by definition, shared by all clusters; those that nobody uses can be collected. */
const schemas = new Map<string, WeakRef<Record<string, JsonSchema>>>();

/**
 * The CustomResourceDefinitions that every cluster of the sandbox has from the start.
 *
 * @remarks
 * Their schemas, several megabytes, are getters that read the file on first use.
 */
export function createPreinstalledDefinitions(options: {
  readonly cluster: string;
  readonly time: string;
}): readonly KubernetesObject[] {
  const definitions = readContract<any[]>('crds.json');
  return definitions.map((definition): KubernetesObject => {
    const name: string = definition.metadata.name;
    const versions = definition.spec.versions.map((version: any) => {
      const { name: versionName, served, storage, ...rest } = version;
      return {
        name: versionName,
        served,
        storage,
        schema: {
          get openAPIV3Schema() {
            return readSchemas(name)[versionName];
          },
        },
        ...rest,
      };
    });
    return deepFreeze({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: {
        name,
        uid: createUid(`${options.cluster} ${name}`),
        resourceVersion: '1',
        generation: 1,
        creationTimestamp: options.time,
        ...(definition.metadata.annotations && {
          annotations: definition.metadata.annotations,
        }),
      },
      spec: {
        conversion: { strategy: 'None' },
        ...definition.spec,
        versions,
      },
      status: establishedStatus(definition, options.time),
    });
  });
}

/** The status of a definition whose names nobody else has. */
export function establishedStatus(
  definition: KubernetesObject,
  time: string,
): Record<string, unknown> {
  const stored = definition.spec.versions.find(
    (version: { storage?: boolean }) => version.storage,
  );
  return {
    conditions: [
      {
        lastTransitionTime: time,
        message: 'no conflicts found',
        reason: 'NoConflicts',
        status: 'True',
        type: 'NamesAccepted',
      },
      {
        lastTransitionTime: time,
        message: 'the initial names have been accepted',
        reason: 'InitialNamesAccepted',
        status: 'True',
        type: 'Established',
      },
    ],
    acceptedNames: definition.spec.names,
    storedVersions: stored ? [stored.name] : [],
  };
}

function readSchemas(name: string): Record<string, JsonSchema> {
  let read = schemas.get(name)?.deref();
  if (!read) {
    read = deepFreeze(
      readContract<Record<string, JsonSchema>>('crds', `${name}.json`),
    );
    schemas.set(name, new WeakRef(read));
  }
  return read;
}

/** The same identifier for the same name in every start. */
function createUid(name: string): string {
  const digest = createHash('sha256').update(name).digest('hex');
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `4${digest.slice(13, 16)}`,
    `8${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ].join('-');
}
