import type {
  KubernetesObject,
  TypeRef,
} from '../../kubernetes/KubernetesCluster';

/**
 * What a rule gets.
 *
 * @internal
 */
export interface Review {
  readonly object: KubernetesObject;
  readonly operation: 'CREATE' | 'UPDATE' | 'AUDIT';
  /** Other objects of the same namespace: what Rego knows as the inventory. */
  readonly neighbours?: (type: TypeRef) => readonly KubernetesObject[];
}

/**
 * Checks an object by the parameters of a constraint; the messages of what it breaks.
 *
 * @internal
 */
export type ConstraintRule = (
  review: Review,
  // The parameters have passed the schema of the constraint's template.
  parameters: Readonly<Record<string, any>>,
) => readonly string[];

/** What of a container the rules look at. @internal */
export interface ReviewedContainer {
  readonly name: string;
  readonly image: string;
  readonly resources?: {
    readonly limits?: Readonly<Record<string, string | number>>;
  };
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly [probe: string]: unknown;
}

/** The containers of a pod by the word that messages use for them. @internal */
export function containersOf(
  object: KubernetesObject,
): readonly (ReviewedContainer & { readonly role: string })[] {
  return (
    ['containers', 'initContainers', 'ephemeralContainers'] as const
  ).flatMap(field =>
    ((object.spec?.[field] ?? []) as ReviewedContainer[]).map(container => ({
      ...container,
      role: field.slice(0, -1),
    })),
  );
}

/** Whether a container's image is in the constraint's list of exceptions. @internal */
export function isExempt(
  { image }: ReviewedContainer,
  parameters: Readonly<Record<string, any>>,
): boolean {
  return ((parameters.exemptImages ?? []) as string[]).some(exempt =>
    exempt.endsWith('*')
      ? image.startsWith(exempt.slice(0, -1))
      : image === exempt,
  );
}
