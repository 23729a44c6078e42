import type {
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import { requirePermission } from '@waystone/access';
import type {
  Alert,
  ServiceHealth,
} from '@waystone/plugin-observability-common';
import { observabilityServiceReadPermission } from '@waystone/plugin-observability-common';
import type { VisibleEntities } from '@waystone/read-models';
import type { HealthModel, ServiceMetricsPlace } from '../model/HealthModel';

/** Reads the model as a caller: what she may not see is not there. Routes and actions share it. */
export class HealthReader {
  readonly #model: HealthModel;
  readonly #permissions: PermissionsService;
  readonly #visible: VisibleEntities;

  static create(options: {
    readonly model: HealthModel;
    readonly permissions: PermissionsService;
    readonly visible: VisibleEntities;
  }): HealthReader {
    return new HealthReader(options);
  }

  private constructor(options: Parameters<typeof HealthReader.create>[0]) {
    this.#model = options.model;
    this.#permissions = options.permissions;
    this.#visible = options.visible;
  }

  /** @throws PermissionDeniedError */
  async authorize(credentials: BackstageCredentials): Promise<void> {
    await requirePermission(
      this.#permissions,
      observabilityServiceReadPermission,
      credentials,
    );
  }

  async services(
    credentials: BackstageCredentials,
  ): Promise<readonly ServiceHealth[]> {
    await this.authorize(credentials);
    return this.#visible.filter(this.#model.services, credentials);
  }

  /**
   * One service.
   *
   * @throws NotFoundError if it is not there for the caller, or says nowhere that it runs.
   */
  async service(
    entityRef: string,
    credentials: BackstageCredentials,
  ): Promise<ServiceHealth> {
    await this.authorize(credentials);
    const service = this.#model.service(entityRef);
    const [found] = service
      ? await this.#visible.filter([service], credentials)
      : [];
    if (!found) {
      throw new NotFoundError(
        `No service '${entityRef}' is known. An entity says that it runs somewhere by the annotation 'backstage.io/kubernetes-id'`,
      );
    }
    return found;
  }

  /** Where a service's metrics are; without an environment, in the last one that has any. */
  place(
    service: ServiceHealth,
    environment: string | undefined,
  ): ServiceMetricsPlace {
    const places = this.#model.places(service.entityRef);
    const found =
      environment === undefined
        ? places.at(-1)
        : places.find(place => place.environment === environment);
    if (!found) {
      throw new NotFoundError(
        environment === undefined
          ? `There are no metrics of '${service.entityRef}'`
          : `There are no metrics of '${service.entityRef}' in the environment '${environment}'`,
      );
    }
    return found;
  }

  /** The alerts of services that the caller may see, and those of no service. */
  async alerts(credentials: BackstageCredentials): Promise<readonly Alert[]> {
    await this.authorize(credentials);
    const { alerts } = this.#model;
    const refs = [
      ...new Set(alerts.flatMap(({ entityRef }) => entityRef ?? [])),
    ];
    const visible = await this.#visible.filter(
      refs.map(entityRef => ({ entityRef })),
      credentials,
    );
    const seen = new Set(visible.map(({ entityRef }) => entityRef));
    return alerts.filter(
      ({ entityRef }) => entityRef === undefined || seen.has(entityRef),
    );
  }
}
