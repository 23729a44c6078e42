import type { Workload } from '../fleet/WorkloadSignals';
import type { Recipe } from '../recipes/Recipe';
import { findRecipe, RECIPES } from '../recipes/recipes';

/**
 * The recipe that a service's metrics follow: the wanted one, else the first of which there is a present, else the first
 * of which there is a past.
 */
export function chooseRecipe(
  { signals }: Pick<Workload, 'signals'>,
  wanted?: string,
): Recipe | undefined {
  const own = findRecipe(wanted);
  if (own) {
    return signals.has(own.id) ? own : undefined;
  }
  const known = RECIPES.filter(({ id }) => signals.has(id));
  return known.find(({ id }) => signals.get(id)!.now.size > 0) ?? known[0];
}
