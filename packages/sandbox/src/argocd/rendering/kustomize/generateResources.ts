import { posix } from 'node:path';
import { makeObjectAt, objectAt } from '../Json';
import type { JsonObject } from '../Json';
import { RenderError } from '../RenderError';
import type {
  KustomizeGenerator,
  KustomizeGeneratorOptions,
} from './Kustomization';
import { KustomizeResource } from './KustomizeResource';

/** Where a generator's files come from. @internal */
export interface GeneratorFiles {
  /** @throws {@link RenderError} if there is no such file */
  read(path: string): Buffer;
}

/**
 * Makes the ConfigMap or Secret of one generator and adds it to, or merges it into, what is there.
 *
 * @internal
 */
export function generateResource(
  kind: 'ConfigMap' | 'Secret',
  generator: KustomizeGenerator,
  common: KustomizeGeneratorOptions | undefined,
  files: GeneratorFiles,
  resources: KustomizeResource[],
): void {
  const options = { ...common, ...generator.options };
  const labels = { ...common?.labels, ...generator.options?.labels };
  const annotations = {
    ...common?.annotations,
    ...generator.options?.annotations,
  };
  const metadata: JsonObject = {
    name: generator.name,
    ...(generator.namespace && { namespace: generator.namespace }),
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(Object.keys(annotations).length > 0 && { annotations }),
  };
  const object: JsonObject = {
    apiVersion: 'v1',
    kind,
    metadata,
    ...readData(kind, generator, files),
    ...(kind === 'Secret' && { type: generator.type ?? 'Opaque' }),
    ...(options.immutable && { immutable: true }),
  };
  const made = new KustomizeResource(object);
  made.needsHash = !options.disableNameSuffixHash;

  const behavior = generator.behavior ?? 'create';
  const existing = resources.filter(
    resource =>
      resource.kind === kind &&
      resource
        .ids()
        .some(
          id =>
            id.name === generator.name &&
            (!generator.namespace || id.namespace === generator.namespace),
        ),
  );
  if (behavior === 'create') {
    if (
      existing.some(
        resource =>
          resource.name === generator.name &&
          resource.namespace === (generator.namespace ?? ''),
      )
    ) {
      throw new RenderError(
        `id resid.ResId{Gvk:resid.Gvk{Group:"", Version:"v1", Kind:"${kind}"}, Name:"${generator.name}"} exists; behavior must be merge or replace`,
      );
    }
    resources.push(made);
    return;
  }
  if (existing.length !== 1) {
    throw new RenderError(
      existing.length === 0
        ? `id ${kind}.v1.[noGrp]/${generator.name}.[noNs] does not exist; cannot merge or replace`
        : `found multiple objects ${kind}/${generator.name} to merge into`,
    );
  }
  overlay(existing[0], made, behavior);
}

function overlay(
  existing: KustomizeResource,
  made: KustomizeResource,
  behavior: 'merge' | 'replace',
) {
  const before = existing.object;
  const after = structuredClone(made.object);
  const metadata = makeObjectAt(after, 'metadata');
  metadata.name = existing.name;
  if (existing.namespace) {
    metadata.namespace = existing.namespace;
  }
  for (const field of ['labels', 'annotations']) {
    const merged = {
      ...objectAt(before.metadata, field),
      ...objectAt(metadata, field),
    };
    if (Object.keys(merged).length > 0) {
      metadata[field] = merged;
    }
  }
  if (behavior === 'merge') {
    for (const field of ['data', 'binaryData']) {
      const merged = { ...objectAt(before, field), ...objectAt(after, field) };
      if (Object.keys(merged).length > 0) {
        after[field] = merged;
      }
    }
    if (before.kind === 'Secret') {
      after.type = before.type;
    }
  }
  existing.object = after;
  existing.needsHash = existing.needsHash && made.needsHash;
}

function readData(
  kind: 'ConfigMap' | 'Secret',
  generator: KustomizeGenerator,
  files: GeneratorFiles,
): JsonObject {
  const entries: [string, Buffer][] = [];
  for (const path of [
    ...(generator.env ? [generator.env] : []),
    ...(generator.envs ?? []),
  ]) {
    entries.push(...parseEnvFile(files.read(path).toString('utf8'), path));
  }
  for (const item of generator.files ?? []) {
    const equals = item.indexOf('=');
    const [key, path] =
      equals < 0
        ? [posix.basename(item), item]
        : [item.slice(0, equals), item.slice(equals + 1)];
    entries.push([key, files.read(path)]);
  }
  for (const literal of generator.literals ?? []) {
    const equals = literal.indexOf('=');
    if (equals <= 0) {
      throw new RenderError(
        `invalid literal source ${literal}, expected key=value`,
      );
    }
    entries.push([
      literal.slice(0, equals),
      Buffer.from(withoutQuotes(literal.slice(equals + 1))),
    ]);
  }

  const data: JsonObject = {};
  const binaryData: JsonObject = {};
  for (const [key, content] of entries) {
    if (key in data || key in binaryData) {
      throw new RenderError(
        `cannot add key ${key}, another key by that name already exists`,
      );
    }
    if (kind === 'Secret') {
      data[key] = content.toString('base64');
    } else if (isUtf8(content)) {
      data[key] = content.toString('utf8');
    } else {
      binaryData[key] = content.toString('base64');
    }
  }
  return {
    ...(Object.keys(data).length > 0 && { data }),
    ...(Object.keys(binaryData).length > 0 && { binaryData }),
  };
}

function isUtf8(content: Buffer): boolean {
  return Buffer.from(content.toString('utf8'), 'utf8').equals(content);
}

function withoutQuotes(value: string): string {
  const quoted = /^(["'])(.*)\1$/s.exec(value);
  return quoted ? quoted[2] : value;
}

function parseEnvFile(text: string, file: string): [string, Buffer][] {
  return text
    .replace(/^\ufeff/, '')
    .split('\n')
    .map(line => line.replace(/\r$/, '').trimStart())
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(line => {
      const equals = line.indexOf('=');
      const key = equals < 0 ? line : line.slice(0, equals);
      if (!/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(key)) {
        throw new RenderError(
          `${file}: "${key}" is not a valid key name for an environment variable`,
        );
      }
      // Without `=` kustomize takes the value from the environment of its process. Here there is none.
      return [key, Buffer.from(equals < 0 ? '' : line.slice(equals + 1))];
    });
}
