import type { FindingsFacets } from '@waystone/plugin-governance-common';
import { compareText } from './compareText';
import type { Finding } from './Finding';
import { selectPage } from './selectPage';

/** How many values a facet lists: those with most findings. */
const MOST_FACETS = 200;

/** Counts by what there is to filter. */
class FacetCounter {
  readonly #owners = new Map<string, number>();
  readonly #systems = new Map<string, number>();
  readonly #environments = new Map<string, number>();
  readonly #keys = new Map<string, { title: string; count: number }>();

  add({ key, placed, title }: Finding): void {
    const { environment, owner, system } = placed.subject;
    bump(this.#owners, owner);
    bump(this.#systems, system);
    bump(this.#environments, environment);
    const known = this.#keys.get(key);
    if (known) {
      known.count += 1;
    } else {
      this.#keys.set(key, { title, count: 1 });
    }
  }

  read(): FindingsFacets {
    const read = (counts: ReadonlyMap<string, number>) =>
      [...counts]
        .map(([value, count]) => ({ value, count }))
        .sort((a, b) => b.count - a.count || compareText(a.value, b.value))
        .slice(0, MOST_FACETS);
    return {
      owners: read(this.#owners),
      systems: read(this.#systems),
      environments: read(this.#environments),
      keys: selectPage(
        [...this.#keys].map(([value, { count, title }]) => ({
          value,
          title,
          count,
        })),
        (a, b) => b.count - a.count || compareText(a.value, b.value),
        0,
        MOST_FACETS,
      ),
    };
  }
}

function bump(counts: Map<string, number>, value: string | undefined) {
  if (value !== undefined) {
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
}

/** They are the same for all filters, and for everybody who sees everything. */
const knownFacets = new WeakMap<readonly Finding[], FindingsFacets>();

/** What there is to filter by. */
export function countFacets(findings: readonly Finding[]): FindingsFacets {
  let facets = knownFacets.get(findings);
  if (!facets) {
    const counter = new FacetCounter();
    findings.forEach(finding => counter.add(finding));
    facets = counter.read();
    knownFacets.set(findings, facets);
  }
  return facets;
}
