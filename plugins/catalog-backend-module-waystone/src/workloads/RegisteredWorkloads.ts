import type { Knex } from 'knex';
import { matchesSelector, serviceNameOf } from './Workload';
import type { Workload } from './Workload';

/** The annotations by which entities name what runs for them, as the catalog's search table has their keys. */
const ID_KEY = 'metadata.annotations.backstage.io/kubernetes-id';
const SELECTOR_KEY =
  'metadata.annotations.backstage.io/kubernetes-label-selector';

/** What the catalog says of workloads. */
export class RegisteredWorkloads {
  readonly #names: ReadonlySet<string>;
  readonly #selectors: readonly string[];

  private constructor(
    names: ReadonlySet<string>,
    selectors: readonly string[],
  ) {
    this.#names = names;
    this.#selectors = selectors;
  }

  /** Reads what the catalog knows of workloads with these names. */
  static async read(
    knex: Knex,
    names: readonly string[],
  ): Promise<RegisteredWorkloads> {
    const lower = [...new Set(names.map(name => name.toLowerCase()))];
    const { rows } = await knex.raw<{ rows: { name: string }[] }>(
      `select value as name from search where key = ? and value = any(?)
       union
       select s.value from search s join final_entities f on f.entity_id = s.entity_id
       where s.key = 'metadata.name' and s.value = any(?) and f.entity_ref like 'component:%'`,
      [ID_KEY, lower, lower],
    );
    const selectors: { value: string }[] = await knex('search')
      .where({ key: SELECTOR_KEY })
      .distinct({ value: 'original_value' });
    return new RegisteredWorkloads(
      new Set(rows.map(({ name }) => name)),
      selectors.map(({ value }) => value ?? ''),
    );
  }

  has(workload: Workload): boolean {
    return (
      this.#names.has(serviceNameOf(workload).toLowerCase()) ||
      this.#names.has(workload.name.toLowerCase()) ||
      this.#selectors.some(selector => matchesSelector(workload, selector))
    );
  }
}
