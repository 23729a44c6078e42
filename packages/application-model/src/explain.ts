import type { CompileOptions, Compilation } from './compile';
import type { Origins } from './output/Origins';
import { createLayers } from './resolve/resolveApplication';
import { Sourced } from './resolve/Sourced';

/** What a value is, and who decided it. @public */
export interface Explanation {
  readonly path: string;
  readonly value: unknown;
  /** Such as `spec.environments.production.replicas` or `platform default: size`. */
  readonly origin: string;
  /** The file of the compiled object, if the path is one of an object. */
  readonly file?: string;
}

/**
 * Who decided a value.
 *
 * @param path - of the application, such as `spec.replicas`, or of an object, such as `Deployment/spec.replicas`
 * @returns undefined if there is no such value
 *
 * @public
 */
export function explain(
  options: CompileOptions & { readonly compilation: Compilation },
  path: string,
): Explanation | undefined {
  const slash = path.indexOf('/');
  return slash > 0 && /^[A-Z]/.test(path)
    ? explainObject(options.compilation, path, slash)
    : explainField(options, path);
}

function explainField(
  { application, environment, platform }: CompileOptions,
  path: string,
): Explanation | undefined {
  const parts = toParts(path);
  if (parts[0] !== 'spec' || parts.length < 2) {
    return undefined;
  }
  const layers = createLayers(application, environment, platform);
  const found = layers.pick(...parts.slice(1));
  if (found) {
    return { path, value: found.value, origin: found.origin };
  }
  const [, part, which, amount] = parts;
  const size = layers.pick<'small' | 'medium' | 'large'>('size');
  const sized =
    part === 'resources' &&
    size &&
    valueAt(platform.sizes[size.value], [which, amount].filter(Boolean));
  return sized
    ? {
        path,
        value: sized,
        origin: `size ${size.value}, ${size.origin}`,
      }
    : undefined;
}

function explainObject(
  { manifests }: Compilation,
  path: string,
  slash: number,
): Explanation | undefined {
  const kind = path.slice(0, slash);
  const parts = toParts(path.slice(slash + 1));
  const manifest = manifests.find(({ object }) => object.kind === kind);
  const value = manifest && valueAt(manifest.object, parts);
  if (value === undefined) {
    return undefined;
  }
  let origins: Origins | undefined = manifest!.origins;
  let origin: string | undefined;
  for (const part of parts) {
    origins = origins?.child(part) ?? origins?.child(Number(part));
    origin = origins?.origin ?? origin;
  }
  if (origin !== undefined) {
    return { path, value, origin, file: manifest!.file };
  }
  return {
    path,
    value,
    origin: manifest!.extra
      ? 'written by the team'
      : 'the same for every application',
    file: manifest!.file,
  };
}

/** `spec.ports[0].name`, `metadata.labels["a/b"]` as parts. */
function toParts(path: string): string[] {
  return [...path.matchAll(/\["([^"]*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(
    ([, quoted, index, plain]) => quoted ?? index ?? plain,
  );
}

function valueAt(root: unknown, parts: readonly string[]): unknown {
  let value = root;
  for (const part of parts) {
    if (
      typeof value !== 'object' ||
      value === null ||
      !Object.hasOwn(value, part)
    ) {
      return undefined;
    }
    value = (value as Record<string, unknown>)[part];
  }
  return value instanceof Sourced ? value.value : value;
}
