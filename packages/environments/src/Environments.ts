import type { Environment } from './Environment';

/**
 * The environments in the order in which a change passes through them.
 *
 * @public
 */
export class Environments {
  readonly all: readonly Environment[];
  readonly #patterns: ReadonlyMap<Environment, RegExp>;

  constructor(all: readonly Environment[]) {
    this.all = all;
    this.#patterns = new Map(
      all.map(environment => [environment, patternOf(environment)]),
    );
  }

  /** The environment of this name. */
  get(name: string): Environment | undefined {
    return this.all.find(environment => environment.name === name);
  }

  /** The one that a version comes from before it gets here. */
  before(name: string): Environment | undefined {
    return this.all[this.all.findIndex(each => each.name === name) - 1];
  }

  /** The namespace of a system in an environment, such as `orders-staging`. */
  namespaceOf(environment: Environment, system: string): string {
    return environment.namespace
      .replaceAll('{system}', system)
      .replaceAll('{environment}', environment.name);
  }

  /**
   * What a namespace of a cluster is for.
   *
   * @returns the environment, and the system if the pattern names it. Undefined if no environment has such a namespace.
   */
  find(
    cluster: string,
    namespace: string,
  ): { environment: Environment; system?: string } | undefined {
    for (const [environment, pattern] of this.#patterns) {
      const match =
        environment.cluster === cluster ? pattern.exec(namespace) : null;
      if (match) {
        return { environment, system: match.groups?.system };
      }
    }
    return undefined;
  }
}

function patternOf(environment: Environment): RegExp {
  const [first, ...rest] = environment.namespace
    .replaceAll('{environment}', environment.name)
    .split('{system}');
  // The pattern was checked to hold letters, digits and dashes only.
  return rest.length === 0
    ? new RegExp(`^${first}$`)
    : new RegExp(`^${first}(?<system>[a-z0-9-]+)${rest.join('\\k<system>')}$`);
}
