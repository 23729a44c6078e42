import { InputError } from '@backstage/errors';
import { pathOf } from '../core/UpstreamHttp';
import type { ResourceKind } from './types';

/**
 * The path of all objects of a kind, in one namespace or in all, or of one object.
 *
 * @throws InputError if the namespace or the name is not one.
 *
 * @internal
 */
export function resourcePath(
  kind: ResourceKind,
  options: {
    readonly namespace?: string;
    readonly name?: string;
    readonly subresource?: string;
  } = {},
): string {
  const { name, subresource } = options;
  const namespace = kind.namespaced ? options.namespace : undefined;
  if (kind.namespaced && name !== undefined && namespace === undefined) {
    throw new InputError(
      `A ${kind.kind} is in a namespace; say which one '${name}' is in`,
    );
  }
  return [
    kind.group
      ? pathOf`/apis/${kind.group}/${kind.version}`
      : pathOf`/api/${kind.version}`,
    namespace === undefined ? '' : pathOf`/namespaces/${namespace}`,
    pathOf`/${kind.resource}`,
    name === undefined ? '' : pathOf`/${name}`,
    subresource === undefined ? '' : pathOf`/${subresource}`,
  ].join('');
}

/** Splits `apps/v1` and `v1`. @internal */
export function splitApiVersion(apiVersion: string): {
  readonly group: string;
  readonly version: string;
} {
  const [first, second, ...rest] = apiVersion.split('/');
  if (!first || second === '' || rest.length > 0) {
    throw new InputError(
      `'${apiVersion}' is not an apiVersion such as v1 or apps/v1`,
    );
  }
  return second === undefined
    ? { group: '', version: first }
    : { group: first, version: second };
}
