import type { Draft, DraftValue } from '../manifests/Draft';
import { Sourced } from '../resolve/Sourced';
import { Origins } from './Origins';

/** A value as JSON has it. @public */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | JsonValue[]
  | { [key: string]: JsonValue };

/** An object of Kubernetes. @public */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  [key: string]: unknown;
}

/** An object, and where its values came from. */
export interface UnwrappedDraft {
  readonly object: Manifest;
  readonly origins: Origins;
}

/** Takes the origins out of a draft. */
export function unwrap(draft: Draft): UnwrappedDraft {
  const origins = new Origins();
  return { object: plain(draft, origins) as Manifest, origins };
}

function plain(value: DraftValue, origins: Origins): unknown {
  if (typeof value !== 'object') {
    return value;
  }
  if (value instanceof Sourced) {
    origins.say(value.origin);
    return plain(value.value, origins);
  }
  if (Array.isArray(value)) {
    return value.map((item, index) => plainPart(item, origins, index));
  }
  const result: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const item = (value as { [key: string]: DraftValue })[key];
    if (item !== undefined) {
      result[key] = plainPart(item, origins, key);
    }
  }
  return result;
}

function plainPart(
  value: DraftValue,
  origins: Origins,
  key: string | number,
): unknown {
  return typeof value === 'object' ? plain(value, origins.part(key)) : value;
}
