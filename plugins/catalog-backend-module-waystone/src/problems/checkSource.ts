import {
  applyEdits,
  checkCatalogFile,
} from '@waystone/plugin-catalog-checks-common';
import type { CatalogProblem } from '@waystone/plugin-catalog-checks-common';
import type { Knex } from 'knex';
import { createHash } from 'node:crypto';
import type { SourceText } from './SourceReader';

/** In a larger catalog, references are checked by the catalog's tables only, without a proposal. */
const MOST_KNOWN_REFS = 50_000;

/** Mistakes for which the catalog leaves the whole file, or the whole entity, as it was. */
const KEEPS_OLD_VERSION =
  /^(yaml-|file-|not-an-object|kind-|api-version-|field-|name-|namespace-|tag-|annotation-|label-|link-invalid|reference-)/;

/** Checks the text of a file against the entities that there are. */
export async function checkSource(
  knex: Knex,
  source: SourceText,
): Promise<readonly CatalogProblem[]> {
  const known: { ref: string }[] = await knex('refresh_state')
    .select({ ref: 'entity_ref' })
    .limit(MOST_KNOWN_REFS + 1);
  const { problems } = checkCatalogFile(source.text, {
    file: source.file,
    knownRefs:
      known.length > MOST_KNOWN_REFS ? undefined : known.map(({ ref }) => ref),
  });
  return problems;
}

/** Whether the catalog keeps the version before because of it. */
export function keepsOldVersion({ id, severity }: CatalogProblem): boolean {
  return severity === 'error' && KEEPS_OLD_VERSION.test(id);
}

/** The name of a fix: that of the text which it leads to, so that it fits no other text. */
export function fixIdOf(
  text: string,
  problem: CatalogProblem,
): string | undefined {
  return (
    problem.fix &&
    createHash('sha256')
      .update(`${problem.id}\n${text.length}\n`)
      .update(applyEdits(text, problem.fix.patch))
      .digest('hex')
      .slice(0, 16)
  );
}

/** The branch of a pull request with a fix. */
export function branchOfFix(problemId: string, fixId: string): string {
  return `waystone/fix-${problemId}-${fixId}`;
}
