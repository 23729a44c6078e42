import type { KubernetesObject } from '../KubernetesCluster';
import type { ResourceType, Subresource } from './ResourceType';

const VERBS = [
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'create',
  'update',
  'watch',
];

/** What a CustomResourceDefinition serves: a type for each served version. */
export function readDefinition(
  definition: KubernetesObject,
): readonly ResourceType[] {
  const { group, names, scope, versions } = definition.spec;
  const storage = versions.find(
    (version: { storage?: boolean }) => version.storage,
  );
  const served = versions.filter(
    (version: { served?: boolean }) => version.served,
  );
  return served.map((version: any): ResourceType => {
    const status = version.subresources?.status !== undefined;
    const scale = version.subresources?.scale;
    const subresources: Subresource[] = [];
    if (status) {
      subresources.push({
        name: 'status',
        verbs: ['get', 'patch', 'update'],
      });
    }
    if (scale) {
      subresources.push({
        name: 'scale',
        verbs: ['get', 'patch', 'update'],
        group: 'autoscaling',
        version: 'v1',
        kind: 'Scale',
      });
    }
    return {
      group,
      version: version.name,
      kind: names.kind,
      listKind: names.listKind ?? `${names.kind}List`,
      plural: names.plural,
      singular: names.singular ?? names.kind.toLowerCase(),
      shortNames: names.shortNames ?? [],
      categories: names.categories ?? [],
      namespaced: scope === 'Namespaced',
      verbs: VERBS,
      subresources,
      storageKind: `${group}/${names.kind}`,
      storageApiVersion: `${group}/${(storage ?? version).name}`,
      hasGeneration: true,
      hasStatus: status,
      scale,
      custom: {
        definitionName: definition.metadata.name!,
        printerColumns: version.additionalPrinterColumns ?? [
          {
            name: 'Age',
            type: 'date',
            description:
              'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata',
            jsonPath: '.metadata.creationTimestamp',
          },
        ],
        deprecationWarning: version.deprecated
          ? version.deprecationWarning ??
            `${group}/${version.name} ${names.kind} is deprecated`
          : undefined,
        selectableFields: (version.selectableFields ?? []).map(
          (field: { jsonPath: string }) => field.jsonPath,
        ),
        get schema() {
          return version.schema?.openAPIV3Schema ?? {};
        },
      },
    };
  });
}
