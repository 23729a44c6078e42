import type { Environments } from '@waystone/environments';
import type {
  Alert,
  EnvironmentHealth,
  Freshness,
  HealthState,
  ServiceHealth,
} from '@waystone/plugin-observability-common';
import { worstHealth } from '@waystone/plugin-observability-common';
import type { AlertBook } from '../alerts/AlertBook';
import type { ServiceEntity } from '../catalog/ServiceEntity';
import type { PrometheusFleet } from '../fleet/PrometheusFleet';
import type { Workload } from '../fleet/WorkloadSignals';
import type { Settings } from '../readSettings';
import type { Recipe } from '../recipes/Recipe';
import { chooseRecipe } from './chooseRecipe';
import { locateAlert } from './locateAlert';
import { measureEnvironment } from './measureEnvironment';
import { objectivesOf } from './objectivesOf';
import { ServiceLocator } from './ServiceLocator';

/** The metrics of a service in an environment, and who has them. */
export interface ServiceMetricsPlace {
  readonly fleet: PrometheusFleet;
  readonly workload: Workload;
  readonly recipe: Recipe | undefined;
  readonly environment: string | undefined;
}

/** What {@link HealthModel} is made of. */
export interface HealthModelOptions {
  readonly alerts: AlertBook;
  readonly environments: Environments;
  readonly fleets: readonly PrometheusFleet[];
  readonly settings: Settings;
}

interface Entry {
  readonly health: ServiceHealth;
  readonly places: readonly ServiceMetricsPlace[];
}

/**
 * Whether services are healthy, in memory: what the metrics and the alerts say, joined to the entities of the catalog.
 *
 * @remarks
 * It is made anew after each refresh of its sources, so that a reader costs nothing but the reading.
 */
export class HealthModel {
  readonly #options: HealthModelOptions;
  readonly #listeners = new Set<() => void>();
  #services: readonly ServiceEntity[] = [];
  #entries = new Map<string, Entry>();
  #alerts: readonly Alert[] = [];
  #told = '';

  static create(options: HealthModelOptions): HealthModel {
    return new HealthModel(options);
  }

  private constructor(options: HealthModelOptions) {
    this.#options = options;
  }

  get freshness(): readonly Freshness[] {
    const { alerts, fleets } = this.#options;
    return [...fleets.map(({ freshness }) => freshness), ...alerts.freshness];
  }

  /** All alerts, the worst first. */
  get alerts(): readonly Alert[] {
    return this.#alerts;
  }

  /** All services of the catalog, in no order. */
  get services(): readonly ServiceHealth[] {
    return [...this.#entries.values()].map(({ health }) => health);
  }

  service(entityRef: string): ServiceHealth | undefined {
    return this.#entries.get(entityRef)?.health;
  }

  /** What the catalog says of a service. */
  entity(entityRef: string): ServiceEntity | undefined {
    return this.#services.find(service => service.entityRef === entityRef);
  }

  /** Where a service's metrics are, in the order of the environments. */
  places(entityRef: string): readonly ServiceMetricsPlace[] {
    return this.#entries.get(entityRef)?.places ?? [];
  }

  /** Of all objectives of latency, in seconds. */
  get thresholds(): ReadonlySet<number> {
    const ruled = this.#options.fleets.flatMap(({ workloads }) =>
      [...workloads].flatMap(({ objectives }) => objectives),
    );
    const annotated = this.#services.flatMap(
      ({ hints }) => hints.objectives ?? [],
    );
    return new Set(
      [...annotated, ...ruled].flatMap(
        ({ thresholdSeconds }) => thresholdSeconds ?? [],
      ),
    );
  }

  setServices(services: readonly ServiceEntity[]): void {
    this.#services = services;
    this.rebuild();
  }

  /** Tells when a state, an alert or the freshness of a source has changed. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes what the sources know by now. */
  rebuild(): void {
    const { alerts, environments } = this.#options;
    const locator = new ServiceLocator(this.#services, environments);
    this.#alerts = alerts.alerts
      .map(alert => locateAlert(alert, locator, this.#services))
      .sort(compareAlerts);
    const places = this.#locate(locator);
    const alertsOf = groupBy(this.#alerts, ({ entityRef }) => entityRef);
    this.#entries = new Map(
      this.#services.map(service => [
        service.entityRef,
        this.#describe(
          service,
          places.get(service.entityRef) ?? [],
          alertsOf.get(service.entityRef) ?? [],
        ),
      ]),
    );
    this.#tell();
  }

  #locate(locator: ServiceLocator): Map<string, ServiceMetricsPlace[]> {
    const places = new Map<string, ServiceMetricsPlace[]>();
    const seen = new Set<string>();
    for (const fleet of this.#options.fleets) {
      for (const workload of fleet.workloads) {
        const { cluster, namespace, service } = workload;
        const { entity, environment } = locator.find(workload);
        const key = JSON.stringify([cluster, namespace, service]);
        // Two servers may have the same series; one will do.
        if (entity && !seen.has(key)) {
          seen.add(key);
          const own = places.get(entity.entityRef) ?? [];
          own.push({
            fleet,
            workload,
            recipe: chooseRecipe(workload, entity.hints.recipe),
            environment: environment?.name,
          });
          places.set(entity.entityRef, own);
        }
      }
    }
    return places;
  }

  #describe(
    entity: ServiceEntity,
    unsorted: readonly ServiceMetricsPlace[],
    alerts: readonly Alert[],
  ): Entry {
    const { all } = this.#options.environments;
    const rank = (name: string | undefined) => {
      const index = all.findIndex(environment => environment.name === name);
      return index < 0 ? all.length : index;
    };
    const places = [...unsorted].sort(
      (a, b) =>
        rank(a.environment) - rank(b.environment) ||
        a.workload.namespace.localeCompare(b.workload.namespace),
    );
    const environments = places.map(place =>
      measureEnvironment({
        place,
        objectives: objectivesOf(
          entity,
          place.workload,
          this.#options.settings,
        ),
        alerts: alerts.filter(
          ({ environment, namespace }) =>
            environment === place.environment &&
            (namespace === undefined || namespace === place.workload.namespace),
        ),
      }),
    );
    const judged = this.#judged(environments);
    const state = worstHealth(judged.map(each => each.state));
    return {
      places,
      health: {
        entityRef: entity.entityRef,
        title: entity.title,
        owner: entity.owner,
        system: entity.system,
        tier: entity.tier,
        problems: [...entity.hints.problems],
        state,
        sentence:
          judged.findLast(each => each.state === state)?.sentence ??
          'Unknown. There are no metrics of requests.',
        environments,
      },
    };
  }

  /** What users depend on: the protected environments, or all if there are none. */
  #judged(
    environments: readonly EnvironmentHealth[],
  ): readonly EnvironmentHealth[] {
    const own = environments.filter(
      ({ environment }) =>
        environment !== undefined &&
        this.#options.environments.get(environment)?.protected,
    );
    return own.length > 0 ? own : environments;
  }

  #tell(): void {
    const told = JSON.stringify([
      this.#alerts.map(({ id, state }) => [id, state]),
      [...this.#entries.values()].map(({ health }) => [
        health.entityRef,
        health.state,
        health.environments.map(({ state }): HealthState => state),
      ]),
      this.freshness.map(({ source, stale }) => [source, stale]),
    ]);
    if (told !== this.#told) {
      this.#told = told;
      this.#listeners.forEach(listener => listener());
    }
  }
}

const SEVERITIES = ['critical', 'warning', 'info'];
const STATES = ['firing', 'pending', 'suppressed'];

function compareAlerts(a: Alert, b: Alert): number {
  return (
    STATES.indexOf(a.state) - STATES.indexOf(b.state) ||
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    (b.since ?? '').localeCompare(a.since ?? '') ||
    a.id.localeCompare(b.id)
  );
}

function groupBy<T>(
  items: readonly T[],
  keyOf: (item: T) => string | undefined,
): Map<string | undefined, T[]> {
  const groups = new Map<string | undefined, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) {
      group.push(item);
    } else {
      groups.set(key, [item]);
    }
  }
  return groups;
}
