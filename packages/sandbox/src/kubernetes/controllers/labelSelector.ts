import type { KubernetesObject } from '../KubernetesCluster';

/**
 * The `LabelSelector` of the API.
 *
 * @internal
 */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
    readonly values?: readonly string[];
  }[];
}

type Labels = Readonly<Record<string, string>> | undefined;

/** Whether labels satisfy a selector; an empty selector is satisfied by all, none by nothing. */
export function matchesSelector(
  selector: LabelSelector | undefined,
  labels: Labels = {},
): boolean {
  if (!selector) {
    return false;
  }
  return (
    matchesLabels(selector.matchLabels, labels) &&
    (selector.matchExpressions ?? []).every(({ key, operator, values }) => {
      switch (operator) {
        case 'In':
          return key in labels && !!values?.includes(labels[key]);
        case 'NotIn':
          return !(key in labels) || !values?.includes(labels[key]);
        case 'Exists':
          return key in labels;
        case 'DoesNotExist':
          return !(key in labels);
        default:
          return false;
      }
    })
  );
}

/** Whether labels hold all of those wanted. */
export function matchesLabels(wanted: Labels, labels: Labels = {}): boolean {
  return Object.entries(wanted ?? {}).every(
    ([key, value]) => labels[key] === value,
  );
}

/** The selector in the syntax of `labelSelector` parameters and of `status.selector`. */
export function formatSelector(selector: LabelSelector): string {
  return [
    ...Object.entries(selector.matchLabels ?? {}).map(
      ([key, value]) => `${key}=${value}`,
    ),
    ...(selector.matchExpressions ?? []).map(({ key, operator, values }) => {
      switch (operator) {
        case 'Exists':
          return key;
        case 'DoesNotExist':
          return `!${key}`;
        default:
          return `${key} ${operator.toLowerCase()} (${values?.join(',')})`;
      }
    }),
  ].join(',');
}

/** The labels of an object. */
export function labelsOf(
  object: KubernetesObject,
): Readonly<Record<string, string>> {
  return object.metadata.labels ?? {};
}
