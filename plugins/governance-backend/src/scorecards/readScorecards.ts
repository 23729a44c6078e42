import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ForwardedError } from '@backstage/errors';
import { parse } from 'yaml';
import { scorecardDefinitionSchema } from './ScorecardDefinition';
import type { ScorecardDefinition } from './ScorecardDefinition';

/**
 * The scorecards of a folder, by name.
 *
 * @throws If one cannot be read: what a team is measured by must not change by a slip.
 */
export function readScorecards(folder: string): readonly ScorecardDefinition[] {
  const scorecards = readdirSync(folder)
    .filter(name => /\.ya?ml$/.test(name))
    .sort()
    .map(name => {
      try {
        return scorecardDefinitionSchema.parse(
          parse(readFileSync(join(folder, name), 'utf8')),
        );
      } catch (error) {
        throw new ForwardedError(`The scorecard '${name}' is wrong`, error);
      }
    });
  const names = scorecards.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) {
    throw new Error(`There are two scorecards '${twice}'`);
  }
  return scorecards;
}
