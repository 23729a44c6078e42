import type { KubernetesObject } from '../KubernetesCluster';
import { getPath } from '../patch/jsonValues';
import { badRequest } from '../write/statusErrors';

/** Whether an object is selected. @internal */
export type Matcher = (object: KubernetesObject) => boolean;

const everything: Matcher = () => true;

/**
 * Reads a label selector in the API's syntax, such as `app=web,tier in (a, b),!old`.
 *
 * @throws StatusError 400
 */
export function parseLabelSelector(selector: string | undefined): Matcher {
  const requirements = splitSelector(selector ?? '').map(parseRequirement);
  if (requirements.length === 0) {
    return everything;
  }
  return object => {
    const labels = object.metadata.labels ?? {};
    return requirements.every(matches => matches(labels));
  };
}

type LabelMatcher = (labels: Readonly<Record<string, string>>) => boolean;

const NAME = '[A-Za-z0-9]([A-Za-z0-9._/-]*[A-Za-z0-9])?';
const EXISTS = new RegExp(`^(!?)\\s*(${NAME})$`);
const EQUALS = new RegExp(`^(${NAME})\\s*(==|=|!=)\\s*([A-Za-z0-9._-]*)$`);
const COMPARES = new RegExp(`^(${NAME})\\s*([<>])\\s*(-?\\d+)$`);
const IN = new RegExp(`^(${NAME})\\s+(in|notin)\\s*\\(([^()]*)\\)$`);

function parseRequirement(text: string): LabelMatcher {
  const exists = EXISTS.exec(text);
  if (exists) {
    const [, not, key] = exists;
    return labels => (labels[key] === undefined) === (not === '!');
  }
  const equals = EQUALS.exec(text);
  if (equals) {
    const [, key, , operator, value] = equals;
    return labels => (labels[key] === value) === (operator !== '!=');
  }
  const compares = COMPARES.exec(text);
  if (compares) {
    const [, key, , operator, bound] = compares;
    return labels => {
      const value = labels[key] === undefined ? NaN : Number(labels[key]);
      return operator === '<' ? value < Number(bound) : value > Number(bound);
    };
  }
  const within = IN.exec(text);
  if (within) {
    const [, key, , operator, list] = within;
    const values = list.split(',').map(value => value.trim());
    return labels =>
      operator === 'in'
        ? labels[key] !== undefined && values.includes(labels[key])
        : labels[key] === undefined || !values.includes(labels[key]);
  }
  throw badRequest(
    `unable to parse requirement: found '${
      text.split(/\s+/)[1] ?? text
    }', expected: in, notin, =, ==, !=, gt, lt`,
  );
}

/** Splits at the commas that are not in brackets. */
function splitSelector(selector: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let current = '';
  for (const character of selector) {
    if (character === ',' && depth === 0) {
      parts.push(current);
      current = '';
      continue;
    }
    depth += { '(': 1, ')': -1 }[character] ?? 0;
    current += character;
  }
  parts.push(current);
  return parts.map(part => part.trim()).filter(part => part !== '');
}

/** What fields besides name and namespace can be selected by, by `group/Kind`. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  '/Pod': [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  '/Event': [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  'events.k8s.io/Event': [
    'regarding.kind',
    'regarding.namespace',
    'regarding.name',
    'regarding.uid',
    'regarding.apiVersion',
    'regarding.resourceVersion',
    'regarding.fieldPath',
    'reason',
    'reportingController',
    'type',
  ],
  '/Namespace': ['status.phase'],
  '/Node': ['spec.unschedulable'],
  '/Secret': ['type'],
  '/Service': ['spec.clusterIP', 'spec.type'],
  '/ReplicationController': ['status.replicas'],
  'apps/ReplicaSet': ['status.replicas'],
  'batch/Job': ['status.successful'],
};

/**
 * Reads a field selector, such as `metadata.name=web,status.phase!=Running`.
 *
 * @param type - decides which fields can be selected by
 * @throws StatusError 400
 */
export function parseFieldSelector(
  selector: string | undefined,
  type: {
    readonly group: string;
    readonly kind: string;
    readonly namespaced: boolean;
    readonly version: string;
    readonly custom?: { readonly selectableFields: readonly string[] };
  },
): Matcher {
  const requirements = splitSelector(selector ?? '').map(text => {
    const match = /^([^=!]+)(==|=|!=)(.*)$/.exec(text);
    if (!match) {
      throw badRequest(
        `invalid selector: '${text}'; can't understand '${text}'`,
      );
    }
    const [, field, operator, value] = match;
    const known =
      field === 'metadata.name' ||
      (field === 'metadata.namespace' && type.namespaced) ||
      FIELDS[`${type.group}/${type.kind}`]?.includes(field) ||
      type.custom?.selectableFields.includes(`.${field}`);
    if (!known) {
      throw badRequest(
        type.custom
          ? `field label not supported: ${field}`
          : `"${field}" is not a known field selector: only "metadata.name"${
              type.namespaced ? ', "metadata.namespace"' : ''
            }`,
      );
    }
    return {
      path: field === 'source' ? ['source', 'component'] : field.split('.'),
      equal: operator !== '!=',
      value,
    };
  });
  if (requirements.length === 0) {
    return everything;
  }
  return object =>
    requirements.every(
      ({ path, equal, value }) =>
        (formatField(getPath(object, path)) === value) === equal,
    );
}

function formatField(value: unknown): string {
  return value === undefined || value === null ? '' : String(value);
}

/** Whether labels are selected by a `LabelSelector` object, as in `spec.selector`. */
export function matchesLabelSelector(
  selector:
    | {
        readonly matchLabels?: Readonly<Record<string, string>>;
        readonly matchExpressions?: readonly {
          readonly key: string;
          readonly operator: string;
          readonly values?: readonly string[];
        }[];
      }
    | undefined,
  labels: Readonly<Record<string, string>> = {},
): boolean {
  if (!selector) {
    return false;
  }
  return (
    Object.entries(selector.matchLabels ?? {}).every(
      ([key, value]) => labels[key] === value,
    ) &&
    (selector.matchExpressions ?? []).every(({ key, operator, values }) => {
      const value = labels[key];
      switch (operator) {
        case 'In':
          return value !== undefined && (values ?? []).includes(value);
        case 'NotIn':
          return value === undefined || !(values ?? []).includes(value);
        case 'Exists':
          return value !== undefined;
        default:
          return value === undefined;
      }
    })
  );
}

/** A `LabelSelector` object in the syntax of `labelSelector` parameters. */
export function formatLabelSelector(selector: any): string {
  const parts = Object.entries(selector?.matchLabels ?? {}).map(
    ([key, value]) => `${key}=${value}`,
  );
  for (const { key, operator, values } of selector?.matchExpressions ?? []) {
    switch (operator) {
      case 'In':
      case 'NotIn':
        parts.push(
          `${key} ${operator.toLowerCase()} (${[...(values ?? [])]
            .sort()
            .join(',')})`,
        );
        break;
      case 'Exists':
        parts.push(key);
        break;
      default:
        parts.push(`!${key}`);
    }
  }
  return parts.sort().join(',');
}
