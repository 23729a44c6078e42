import type { Request } from 'express';

/** The full ref, in lower case, of a path that ends with `:kind/:namespace/:name`. */
export function readEntityRef(request: Request): string {
  const { kind, namespace, name } = request.params;
  return `${kind}:${namespace}/${name}`.toLocaleLowerCase('en-US');
}
