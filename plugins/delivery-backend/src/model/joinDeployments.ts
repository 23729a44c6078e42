import type { ObservedDeployment } from '@waystone/plugin-delivery-node';
import { KUBERNETES_ID } from './hints';
import type { ServiceEntity } from './ServiceEntity';

/** A deployment and the source it is known from. */
export interface SourcedDeployment {
  readonly source: string;
  readonly observed: ObservedDeployment;
}

/**
 * Finds the entity that a deployment belongs to.
 *
 * @remarks
 * A deployment may say itself whose it is, by the label `backstage.io/kubernetes-id`. An entity that claims the
 * deployment of another by its name or by a selector gets nothing: anybody can write an annotation.
 */
export class DeploymentJoin {
  readonly #byKubernetesId = new Map<string, ServiceEntity>();
  readonly #byName = new Map<string, ServiceEntity[]>();
  readonly #bySelector: ServiceEntity[] = [];
  readonly #byWorkloads: ServiceEntity[] = [];

  constructor(services: readonly ServiceEntity[]) {
    for (const service of services) {
      const { kubernetesId, names, selector, workloads } = service.hints;
      if (kubernetesId && !this.#byKubernetesId.has(kubernetesId)) {
        this.#byKubernetesId.set(kubernetesId, service);
      }
      for (const name of names) {
        this.#byName.set(name, [...(this.#byName.get(name) ?? []), service]);
      }
      if (selector) {
        this.#bySelector.push(service);
      }
      if (workloads) {
        this.#byWorkloads.push(service);
      }
    }
  }

  /** The entity, or undefined if no entity has it. */
  find(deployment: SourcedDeployment): ServiceEntity | undefined {
    const { labels, name, namespace, unmanaged } = deployment.observed;
    const own = labels[KUBERNETES_ID];
    const owner = own ? this.#byKubernetesId.get(own) : undefined;
    if (owner) {
      return owner;
    }
    if (unmanaged) {
      return this.#byWorkloads.find(
        ({ hints }) =>
          (!hints.workloadNamespace || hints.workloadNamespace === namespace) &&
          fits(labels, hints.workloads!),
      );
    }
    return (
      this.#byName.get(name)?.find(service => isPlace(service, deployment)) ??
      this.#bySelector.find(
        service =>
          isPlace(service, deployment) && fits(labels, service.hints.selector!),
      )
    );
  }
}

function fits(
  labels: Readonly<Record<string, string>>,
  selector: ReadonlyMap<string, string>,
): boolean {
  return [...selector].every(([label, value]) => labels[label] === value);
}

/** Whether the instance and the namespace that an entity names, if it does, are those of the deployment. */
function isPlace(service: ServiceEntity, deployment: SourcedDeployment) {
  const { instance, namespace } = service.hints;
  return (
    (!instance || deployment.source.endsWith(`/${instance}`)) &&
    (!namespace || deployment.observed.id.startsWith(`${namespace}/`))
  );
}
