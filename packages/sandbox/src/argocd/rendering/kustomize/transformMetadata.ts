import { isJsonObject, makeObjectAt, stringAt } from '../Json';
import { isClusterScoped } from '../clusterScopedKinds';
import { visitFields } from './FieldSpec';
import type { FieldSpec } from './FieldSpec';
import {
  ANNOTATIONS,
  METADATA_LABELS,
  SELECTOR_LABELS,
  TEMPLATE_LABELS,
} from './labelFields';
import type { KustomizeLabels } from './Kustomization';
import type { KustomizeResource } from './KustomizeResource';

/** Kinds whose names are fixed by something else. */
const WITHOUT_AFFIXES = ['CustomResourceDefinition', 'APIService', 'Namespace'];

const NAMESPACES: readonly FieldSpec[] = [
  {
    kind: 'ValidatingWebhookConfiguration',
    path: 'webhooks/clientConfig/service/namespace',
  },
  {
    kind: 'MutatingWebhookConfiguration',
    path: 'webhooks/clientConfig/service/namespace',
  },
  {
    kind: 'APIService',
    group: 'apiregistration.k8s.io',
    path: 'spec/service/namespace',
    create: true,
  },
  {
    kind: 'CustomResourceDefinition',
    path: 'spec/conversion/webhook/clientConfig/service/namespace',
  },
];

/** `namespace`. @internal */
export function setNamespace(
  resources: readonly KustomizeResource[],
  namespace: string,
): void {
  for (const resource of resources) {
    if (resource.kind === 'Namespace' && resource.group === '') {
      resource.rename(namespace);
    } else if (!isClusterScoped(resource)) {
      resource.moveTo(namespace);
    }
    if (/^(Cluster)?RoleBinding$/.test(resource.kind)) {
      const { subjects } = resource.object;
      for (const subject of Array.isArray(subjects) ? subjects : []) {
        if (isJsonObject(subject) && subject.name === 'default') {
          subject.namespace = namespace;
        }
      }
    }
    visitFields(resource, NAMESPACES, (holder, field) => {
      holder[field] = namespace;
    });
  }
}

/** `namePrefix` and `nameSuffix`. @internal */
export function addAffixes(
  resources: readonly KustomizeResource[],
  prefix: string,
  suffix: string,
): void {
  for (const resource of resources) {
    if (!WITHOUT_AFFIXES.includes(resource.originalId().kind)) {
      resource.addAffixes(prefix, suffix);
      resource.rename(`${prefix}${resource.name}${suffix}`);
    }
  }
}

/** `labels` and `commonLabels`. @internal */
export function addLabels(
  resources: readonly KustomizeResource[],
  labels: KustomizeLabels,
): void {
  const specs = [
    ...METADATA_LABELS,
    ...(labels.includeSelectors || labels.includeTemplates
      ? TEMPLATE_LABELS
      : []),
    ...(labels.includeSelectors ? SELECTOR_LABELS : []),
    ...(labels.fields ?? []),
  ];
  addPairs(resources, specs, labels.pairs);
}

/** `commonAnnotations`. @internal */
export function addAnnotations(
  resources: readonly KustomizeResource[],
  annotations: Readonly<Record<string, string>>,
): void {
  addPairs(resources, ANNOTATIONS, annotations);
}

function addPairs(
  resources: readonly KustomizeResource[],
  specs: readonly FieldSpec[],
  pairs: Readonly<Record<string, string>>,
) {
  if (Object.keys(pairs).length === 0) {
    return;
  }
  for (const resource of resources) {
    visitFields(resource, specs, (holder, field) => {
      Object.assign(makeObjectAt(holder, field), pairs);
    });
  }
}

const SCALABLE = [
  'Deployment',
  'ReplicationController',
  'ReplicaSet',
  'StatefulSet',
];

/** `replicas`. @internal */
export function setReplicas(
  resources: readonly KustomizeResource[],
  name: string,
  count: number,
): boolean {
  const found = resources.filter(
    resource =>
      SCALABLE.includes(resource.kind) &&
      resource.ids().some(id => id.name === name),
  );
  for (const resource of found) {
    makeObjectAt(resource.object, 'spec').replicas = count;
  }
  return found.length > 0;
}

/** The annotation that keeps a resource out of the output. @internal */
export function isLocalConfig(resource: KustomizeResource): boolean {
  const { metadata } = resource.object;
  const annotations = isJsonObject(metadata) ? metadata.annotations : undefined;
  return stringAt(annotations, 'config.kubernetes.io/local-config') === 'true';
}
