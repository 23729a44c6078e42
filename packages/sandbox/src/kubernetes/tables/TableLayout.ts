import type { KubernetesObject } from '../KubernetesCluster';

/** A column of a `Table`. @internal */
export interface TableColumn {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  /** 0 is always shown, more only by `-o wide`. */
  readonly priority: number;
}

/** How the objects of a kind are shown in a table. @internal */
export interface TableLayout {
  readonly columns: readonly TableColumn[];
  cells(object: KubernetesObject): readonly unknown[];
}

const INTEGERS = new Set([
  'Available',
  'Current',
  'Data',
  'Desired',
  'Replicas',
  'Revision',
  'Secrets',
  'Up-to-date',
  'Allowed Disruptions',
]);

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  Name: 'Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names',
  Age: 'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata',
};

/** A layout from names: those that end with `*` are shown by `-o wide` only. */
export function createLayout(
  names: readonly string[],
  cells: (object: KubernetesObject) => readonly unknown[],
): TableLayout {
  return {
    columns: ['Name', ...names].map(text => {
      const wide = text.endsWith('*');
      const name = wide ? text.slice(0, -1) : text;
      return {
        name,
        type: INTEGERS.has(name) ? 'integer' : 'string',
        format: name === 'Name' ? 'name' : '',
        description: DESCRIPTIONS[name] ?? name,
        priority: wide ? 1 : 0,
      };
    }),
    cells: object => [object.metadata.name, ...cells(object)],
  };
}

/** How long ago, as kubectl shows it: `45s`, `12m`, `3d4h`. */
export function formatAge(time: string | undefined | null): string {
  if (!time) {
    return '<unknown>';
  }
  return formatDuration(Date.now() - Date.parse(time));
}

/** A length of time in two units at most, as kubectl shows it. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1_000);
  if (seconds < -1) {
    return '<invalid>';
  }
  if (seconds < 0) {
    return '0s';
  }
  if (seconds < 120) {
    return `${seconds}s`;
  }
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) {
    return combine(minutes, 'm', seconds % 60, 's');
  }
  if (minutes < 180) {
    return `${minutes}m`;
  }
  const hours = Math.floor(minutes / 60);
  if (hours < 8) {
    return combine(hours, 'h', minutes % 60, 'm');
  }
  if (hours < 48) {
    return `${hours}h`;
  }
  const days = Math.floor(hours / 24);
  if (days < 8) {
    return combine(days, 'd', hours % 24, 'h');
  }
  if (days < 730) {
    return `${days}d`;
  }
  const years = Math.floor(days / 365);
  return years < 8 ? combine(years, 'y', days % 365, 'd') : `${years}y`;
}

function combine(
  large: number,
  largeUnit: string,
  small: number,
  smallUnit: string,
): string {
  return small === 0
    ? `${large}${largeUnit}`
    : `${large}${largeUnit}${small}${smallUnit}`;
}

/** `a=b,c=d`, or `<none>`. */
export function formatLabels(
  labels: Readonly<Record<string, string>> | undefined,
): string {
  const entries = Object.entries(labels ?? {});
  return entries.length === 0
    ? '<none>'
    : entries
        .map(([key, value]) => `${key}=${value}`)
        .sort()
        .join(',');
}
