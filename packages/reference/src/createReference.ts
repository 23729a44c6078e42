import { join } from 'node:path';
import { format } from 'prettier';
import { readContracts } from './api/readContracts';
import { renderContracts } from './api/renderContracts';
import { readConfigSchemas } from './configuration/readConfigSchemas';
import { renderConfiguration } from './configuration/renderConfiguration';

/**
 * The reference pages of a repository.
 *
 * @returns Path below the repository and text, as Prettier leaves it.
 */
export async function createReference(
  repository: string,
): Promise<ReadonlyMap<string, string>> {
  const pages = new Map<string, string>([
    [
      'configuration.md',
      renderConfiguration(await readConfigSchemas(repository)),
    ],
    ...renderContracts(await readContracts(repository)),
  ]);
  const formatted = new Map<string, string>();
  for (const [name, text] of pages) {
    formatted.set(
      join('docs/reference', name),
      format(text, { parser: 'markdown' }),
    );
  }
  return formatted;
}
