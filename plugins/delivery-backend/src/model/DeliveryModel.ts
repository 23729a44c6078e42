import { worstState } from '@waystone/plugin-delivery-common';
import type {
  CiRun,
  Deployment,
  Freshness,
  Service,
} from '@waystone/plugin-delivery-common';
import type { DeliverySource } from '@waystone/plugin-delivery-node';
import { findEnvironment } from './findEnvironment';
import type { Places } from './findEnvironment';
import { DeploymentJoin } from './joinDeployments';
import type { SourcedDeployment } from './joinDeployments';
import { judge } from './judge';
import { notInFuture } from './notInFuture';
import { readVersion } from './readVersion';
import type { ServiceEntity } from './ServiceEntity';

/** A deployment with its place in the catalog and among the environments. */
export interface PlacedDeployment extends SourcedDeployment {
  /** Unique among all sources. */
  readonly id: string;
  readonly service?: ServiceEntity;
  readonly environment?: string;
  readonly cluster?: string;
}

/** What changed: some deployments, everything, or only how current a source is. */
export type ModelChange = readonly PlacedDeployment[] | 'all' | 'freshness';

/** Hears of a {@link ModelChange}. */
export type ModelListener = (change: ModelChange) => void;

/**
 * What runs where, in memory: the deployments of all sources, joined to the entities of the catalog.
 *
 * @remarks
 * A change of one deployment costs the work for one service, whatever the number of services and of readers.
 */
export class DeliveryModel {
  readonly #sources: readonly DeliverySource[];
  readonly #places: Places;
  readonly #troubleOf: (placed: PlacedDeployment) => string | undefined;
  readonly #lastRunOf: (entityRef: string) => CiRun | undefined;
  readonly #placed = new Map<string, PlacedDeployment>();
  readonly #ofService = new Map<string, Set<string>>();
  /** Made when they are read, and forgotten when something changes. */
  readonly #services = new Map<string, Service>();
  readonly #listeners = new Set<ModelListener>();
  readonly #ends: (() => void)[] = [];
  #entities = new Map<string, ServiceEntity>();
  #join = new DeploymentJoin([]);

  static create(options: {
    readonly sources: readonly DeliverySource[];
    readonly places: Places;
    /** What is known to keep it from running, sooner than its source says so. */
    readonly troubleOf?: (placed: PlacedDeployment) => string | undefined;
    readonly lastRunOf?: (entityRef: string) => CiRun | undefined;
  }): DeliveryModel {
    return new DeliveryModel(options);
  }

  private constructor(options: Parameters<typeof DeliveryModel.create>[0]) {
    this.#sources = options.sources;
    this.#places = options.places;
    this.#troubleOf = options.troubleOf ?? (() => undefined);
    this.#lastRunOf = options.lastRunOf ?? (() => undefined);
  }

  /** Takes what the sources know, and follows them. */
  start(): void {
    for (const source of this.#sources) {
      this.#ends.push(
        source.subscribe(id => {
          if (id === undefined) {
            this.#tell('freshness');
          } else {
            this.#change(source, id);
          }
        }),
      );
    }
    this.#placeAll();
  }

  stop(): void {
    this.#ends.splice(0).forEach(end => end());
    this.#listeners.clear();
  }

  /** Takes the entities of the catalog, and joins everything anew. */
  setServices(services: readonly ServiceEntity[]): void {
    this.#entities = new Map(
      services.map(service => [service.entityRef, service]),
    );
    this.#join = new DeploymentJoin(services);
    this.#placeAll();
  }

  /** Looks anew at a service. */
  refresh(entityRef: string): void {
    this.#services.delete(entityRef);
    this.#tell(this.placesOf(entityRef));
  }

  /** Looks anew at the services with a label `backstage.io/kubernetes-id`. */
  refreshById(kubernetesId: string): void {
    for (const { entityRef, hints } of this.#entities.values()) {
      if (hints.kubernetesId === kubernetesId) {
        this.refresh(entityRef);
      }
    }
  }

  /** The deployments of a service. */
  placesOf(entityRef: string): PlacedDeployment[] {
    return [...(this.#ofService.get(entityRef) ?? [])].map(
      id => this.#placed.get(id)!,
    );
  }

  /** Where the source of a service may be, the best guess first. */
  repositoriesOf(entityRef: string): readonly string[] {
    const url = this.#entities.get(entityRef)?.sourceUrl;
    return [
      ...new Set([
        ...(url ? [url] : []),
        ...this.placesOf(entityRef).flatMap(
          ({ observed }) => observed.repository ?? [],
        ),
      ]),
    ];
  }

  /** Tells of every change after it was made. */
  subscribe(listener: ModelListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get freshness(): readonly Freshness[] {
    return this.#sources.map(source => source.freshness);
  }

  /** All deployments, whether an entity has them or not. */
  get deployments(): Iterable<PlacedDeployment> {
    return this.#placed.values();
  }

  /** The services that run somewhere, in no order. */
  *services(): Generator<Service, void, undefined> {
    for (const entityRef of this.#ofService.keys()) {
      const service = this.service(entityRef);
      if (service) {
        yield service;
      }
    }
  }

  /** A service by its ref; one that is in the catalog and runs nowhere has no deployments. */
  service(entityRef: string): Service | undefined {
    const entity = this.#entities.get(entityRef);
    if (!entity) {
      return undefined;
    }
    let service = this.#services.get(entityRef);
    if (!service) {
      service = this.#describe(entity);
      this.#services.set(entityRef, service);
    }
    return service;
  }

  /** The source of a deployment and its id there. */
  find(
    id: string,
  ): { readonly source: DeliverySource; readonly id: string } | undefined {
    const placed = this.#placed.get(id);
    const source = this.#sources.find(({ name }) => name === placed?.source);
    return placed && source ? { source, id: placed.observed.id } : undefined;
  }

  #change(source: DeliverySource, id: string): void {
    const key = keyOf(source.name, id);
    const before = this.#placed.get(key);
    this.#remove(key);
    const observed = source.get(id);
    const after = observed && this.#place({ source: source.name, observed });
    this.#tell([after ?? before].flatMap(placed => placed ?? []));
  }

  #placeAll(): void {
    this.#placed.clear();
    this.#ofService.clear();
    this.#services.clear();
    for (const source of this.#sources) {
      for (const observed of source.list()) {
        this.#place({ source: source.name, observed });
      }
    }
    this.#tell('all');
  }

  #place(deployment: SourcedDeployment): PlacedDeployment {
    const id = keyOf(deployment.source, deployment.observed.id);
    const { cluster, environment } = findEnvironment(
      deployment.observed,
      this.#places,
    );
    const placed: PlacedDeployment = {
      ...deployment,
      id,
      service: this.#join.find(deployment),
      environment: environment?.name,
      cluster,
    };
    this.#placed.set(id, placed);
    if (placed.service) {
      const { entityRef } = placed.service;
      const own = this.#ofService.get(entityRef) ?? new Set();
      this.#ofService.set(entityRef, own.add(id));
      this.#services.delete(entityRef);
    }
    return placed;
  }

  #remove(key: string): void {
    const entityRef = this.#placed.get(key)?.service?.entityRef;
    this.#placed.delete(key);
    if (entityRef !== undefined) {
      const own = this.#ofService.get(entityRef);
      own?.delete(key);
      if (own?.size === 0) {
        this.#ofService.delete(entityRef);
      }
      this.#services.delete(entityRef);
    }
  }

  #tell(change: ModelChange): void {
    this.#listeners.forEach(listener => listener(change));
  }

  #describe(entity: ServiceEntity): Service {
    const order = this.#places.environments.all.map(({ name }) => name);
    const rank = ({ environment }: { readonly environment?: string }) =>
      environment === undefined ? order.length : order.indexOf(environment);
    const placed = [...(this.#ofService.get(entity.entityRef) ?? [])]
      .map(id => this.#placed.get(id)!)
      .sort((a, b) => rank(a) - rank(b) || a.id.localeCompare(b.id));
    const versions = new Map(
      placed.map(each => [each.environment, versionOf(each)]),
    );
    const deployments = placed.map(each => {
      const before =
        each.environment &&
        this.#places.environments.before(each.environment)?.name;
      const earlier = before ? versions.get(before) : undefined;
      return this.#toDeployment(
        each,
        earlier !== undefined && earlier !== versionOf(each),
      );
    });
    return {
      entityRef: entity.entityRef,
      title: entity.title,
      owner: entity.owner,
      system: entity.system,
      lifecycle: entity.lifecycle,
      tier: entity.tier,
      state: worstState(deployments.map(({ state }) => state)),
      deployments,
      lastRun: this.#lastRunOf(entity.entityRef),
    };
  }

  #toDeployment(placed: PlacedDeployment, behind: boolean): Deployment {
    const { observed } = placed;
    const trouble =
      observed.health === 'progressing' ? this.#troubleOf(placed) : undefined;
    const last = observed.past.findLast(
      ({ outcome }) => outcome === 'succeeded',
    );
    return {
      id: placed.id,
      environment: placed.environment,
      cluster: placed.cluster,
      namespace: observed.namespace,
      name: observed.name,
      url: observed.url,
      state: trouble ? 'critical' : judge(observed),
      reason: trouble
        ? `Its new pods do not run: ${trouble}.`
        : observed.reason,
      sync: observed.sync,
      health: observed.health,
      healthSince: notInFuture(observed.healthSince),
      version: versionOf(placed),
      images: [...observed.images],
      revision: observed.revision,
      drifted: observed.drifted,
      deployedAt: notInFuture(last?.finishedAt ?? last?.startedAt),
      deployedBy: last?.initiator,
      operation: observed.operation,
      behind,
      source: placed.source,
    };
  }
}

function versionOf({ observed, service }: PlacedDeployment) {
  return readVersion(
    observed.images,
    [observed.labels['app.kubernetes.io/name'], service?.name].flatMap(
      name => name ?? [],
    ),
  );
}

function keyOf(source: string, id: string): string {
  return `${source}/${id}`;
}
