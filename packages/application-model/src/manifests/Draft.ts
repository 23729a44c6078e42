import type { ResolvedApplication } from '../resolve/ResolvedApplication';
import type { Sourced } from '../resolve/Sourced';

/** A value of a manifest, or a value that knows where it came from. */
export type DraftValue =
  | string
  | number
  | boolean
  | undefined
  | readonly DraftValue[]
  | { readonly [key: string]: DraftValue }
  | Sourced<DraftValue>
  | Sourced<string>
  | Sourced<number>
  | Sourced<boolean>;

/** An object of Kubernetes on its way to be written. */
export interface Draft {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: { readonly [key: string]: DraftValue };
    readonly annotations?: { readonly [key: string]: DraftValue };
  };
  readonly [key: string]: DraftValue;
}

/** The metadata that all objects of an application share. */
export function metadataOf(
  { name, namespace, labels }: ResolvedApplication,
  annotations?: Readonly<Record<string, DraftValue>>,
): Draft['metadata'] {
  return {
    name,
    namespace,
    labels,
    ...(annotations && Object.keys(annotations).length > 0 && { annotations }),
  };
}
