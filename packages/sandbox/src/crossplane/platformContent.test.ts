import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { createKubernetesCluster } from '../kubernetes/createKubernetesCluster';
import { readCrossplaneExamples } from './readExamples';
import { parseFieldPath } from './composition/fieldPath';

// Tests run from the sources.
// eslint-disable-next-line no-restricted-syntax
const PLATFORM = join(__dirname, '../../../../platform/crossplane');

const objects = readCrossplaneExamples();
const definitions = objects.filter(
  ({ kind }) => kind === 'CompositeResourceDefinition',
);
const compositions = objects.filter(({ kind }) => kind === 'Composition');
const offerings = definitions.map(
  definition => [definition.spec.names.kind, definition] as const,
);

const rootOf = (definition: any) =>
  definition.spec.versions[0].schema.openAPIV3Schema;

/** Whether a schema has a field; what is below a map or an unknown object is there. */
function hasField(schema: any, path: readonly (string | number)[]): boolean {
  if (path.length === 0) {
    return true;
  }
  const [first, ...rest] = path;
  const next =
    typeof first === 'number' ? schema.items : schema.properties?.[first];
  return next !== undefined && hasField(next, rest);
}

/** The fields of a schema, with their paths. */
function* fieldsOf(schema: any, path = 'spec'): Iterable<[string, any]> {
  for (const [name, field] of Object.entries<any>(schema.properties ?? {})) {
    yield [`${path}.${name}`, field];
    yield* fieldsOf(field, `${path}.${name}`);
    if (field.items) {
      yield* fieldsOf(field.items, `${path}.${name}[]`);
    }
  }
}

describe('what can be requested', () => {
  it('is all installed by the kustomization', () => {
    const { resources } = parse(
      readFileSync(join(PLATFORM, 'kustomization.yaml'), 'utf8'),
    ) as { resources: string[] };
    const files = readdirSync(PLATFORM, { withFileTypes: true })
      .filter(entry => entry.isDirectory())
      .flatMap(({ name }) =>
        readdirSync(join(PLATFORM, name)).map(file => `${name}/${file}`),
      );
    expect(resources.filter(resource => resource.includes('/')).sort()).toEqual(
      files.sort(),
    );
  });

  it('is taken by the schemas of Crossplane and by the rules of structural schemas', async () => {
    const cluster = createKubernetesCluster({ name: 'schemas' });
    try {
      for (const object of objects) {
        expect(() => cluster.create(object)).not.toThrow();
      }
      for (const [kind, { metadata, spec }] of offerings) {
        // What Crossplane makes of it.
        cluster.create({
          apiVersion: 'apiextensions.k8s.io/v1',
          kind: 'CustomResourceDefinition',
          metadata: { name: metadata.name },
          spec: {
            group: spec.group,
            scope: spec.scope,
            names: {
              ...spec.names,
              listKind: `${kind}List`,
              singular: kind.toLowerCase(),
            },
            versions: spec.versions.map(
              ({ referenceable: _referenceable, ...version }: any) => ({
                ...version,
                storage: true,
              }),
            ),
          },
        });
      }
    } finally {
      await cluster.close();
    }
  });

  it.each(offerings)('%s can be read by people', (_kind, definition) => {
    const { annotations, labels } = definition.metadata;
    expect(labels).toMatchObject({ 'waystone.dev/offering': 'true' });
    for (const name of ['title', 'description', 'category', 'icon']) {
      expect(annotations).toHaveProperty([`waystone.dev/${name}`]);
    }
    expect(rootOf(definition).description).toEqual(expect.any(String));
    const spec = rootOf(definition).properties.spec;
    for (const [path, field] of fieldsOf(spec)) {
      expect([path, field.title]).toEqual([path, expect.any(String)]);
    }
    // Text without a limit is a way to fill the store of the cluster.
    const unlimited = [...fieldsOf(spec)].filter(
      ([, { enum: values, maxLength, pattern, type }]) =>
        type === 'string' && !values && !maxLength && !pattern,
    );
    expect(unlimited.map(([path]) => path)).toEqual([]);
    for (const annotation of ['choices', 'change-effects']) {
      const text = annotations?.[`waystone.dev/${annotation}`] ?? '{}';
      for (const field of Object.keys(JSON.parse(text))) {
        expect(Object.keys(spec.properties)).toContain(field);
      }
    }
    const folded = annotations?.['waystone.dev/advanced-fields'];
    for (const field of folded?.split(',') ?? []) {
      expect(Object.keys(spec.properties)).toContain(field);
    }
  });

  it.each(
    compositions.map(composition => [composition.metadata.name!, composition]),
  )('%s only names fields that there are', (_name, composition: any) => {
    const { kind } = composition.spec.compositeTypeRef;
    const definition = definitions.find(
      ({ spec }) => spec.names.kind === kind,
    )!;
    const root = rootOf(definition);
    const paths: string[] = composition.spec.pipeline
      .flatMap((step: any) => step.input?.resources ?? [])
      .flatMap((resource: any) => resource.patches ?? [])
      .flatMap((patch: any) =>
        patch.type === 'ToCompositeFieldPath'
          ? [patch.toFieldPath]
          : [
              ...(patch.fromFieldPath ? [patch.fromFieldPath] : []),
              ...(patch.combine?.variables ?? []).map(
                (variable: any) => variable.fromFieldPath,
              ),
            ],
      )
      .filter((path: string) => !path.startsWith('metadata.'));
    expect(paths.filter(path => !hasField(root, parseFieldPath(path)))).toEqual(
      [],
    );
  });
});
