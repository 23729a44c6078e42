import { resolvePackagePath } from '@backstage/backend-plugin-api';
import type { Entity } from '@backstage/catalog-model';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';

const FOLDER = resolve(
  resolvePackagePath('@waystone/plugin-catalog-backend-module-waystone'),
  '../../examples',
);

/** The entities of the example organisation, with the relation to their owner, as the catalog has them. */
export function readExamples(): Entity[] {
  const components = readdirSync(join(FOLDER, 'components'), {
    withFileTypes: true,
  }).flatMap(entry =>
    entry.isDirectory()
      ? [join('components', entry.name, 'catalog-info.yaml')]
      : [],
  );
  return ['org.yaml', 'systems.yaml', 'resources.yaml', ...components].flatMap(
    file => readEntities(join(FOLDER, file)),
  );
}

function readEntities(file: string): Entity[] {
  return parseAllDocuments(readFileSync(file, 'utf8')).map(document => {
    const entity = document.toJS();
    const definition = entity.spec?.definition?.$text;
    const owner: string | undefined = entity.spec?.owner;
    return {
      ...entity,
      spec: definition
        ? {
            ...entity.spec,
            definition: readFileSync(join(dirname(file), definition), 'utf8'),
          }
        : entity.spec,
      relations: owner
        ? [
            {
              type: 'ownedBy',
              targetRef: owner.includes(':') ? owner : `group:default/${owner}`,
            },
          ]
        : [],
    };
  });
}
