import type { Environment, Environments } from '@waystone/environments';
import type { ServiceEntity } from '../catalog/ServiceEntity';

/** Where metrics or an alert say that they come from. */
export interface Place {
  readonly cluster?: string;
  readonly namespace?: string;
  readonly service: string;
}

/** Whose it is, and in which environment. */
export interface Located {
  readonly entity?: ServiceEntity;
  readonly environment?: Environment;
}

/**
 * Finds the entity and the environment of what the labels of a series say.
 *
 * @remarks
 * Of several services with the same name, the one whose system the namespace is of. What an entity says of itself by an
 * annotation goes before a mere name.
 */
export class ServiceLocator {
  readonly #environments: Environments;
  readonly #byService = new Map<string, ServiceEntity[]>();

  constructor(services: readonly ServiceEntity[], environments: Environments) {
    this.#environments = environments;
    const longest = Math.max(
      0,
      ...services.map(({ hints }) => hints.services.length),
    );
    // Best guesses of all before the second guesses of any
    for (let rank = 0; rank < longest; rank++) {
      for (const service of services) {
        const name = service.hints.services[rank];
        if (name !== undefined) {
          this.#byService.set(name, [
            ...(this.#byService.get(name) ?? []),
            service,
          ]);
        }
      }
    }
  }

  find({ cluster, namespace, service }: Place): Located {
    const place =
      namespace === undefined ? undefined : this.#place(cluster, namespace);
    const candidates = this.#byService.get(service) ?? [];
    const entity =
      candidates.find(
        ({ system }) =>
          place?.system !== undefined && system?.endsWith(`/${place.system}`),
      ) ?? candidates[0];
    return { entity, environment: place?.environment };
  }

  #place(cluster: string | undefined, namespace: string) {
    const clusters =
      cluster === undefined
        ? this.#environments.all.map(environment => environment.cluster)
        : [cluster];
    for (const each of clusters) {
      const found = this.#environments.find(each, namespace);
      if (found) {
        return found;
      }
    }
    return undefined;
  }
}
