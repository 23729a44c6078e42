import { createHash } from 'node:crypto';
import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type { DeliveryModel, PlacedDeployment } from '../model/DeliveryModel';
import { readVersion } from '../model/readVersion';
import type { DeploymentRecord, DeploymentStore } from './DeploymentStore';

/** Changes that come close together are written together. */
const DELAY_MS = 200;

/** How long after a failure the next attempt is made. */
const RETRY_MS = 5_000;

/** Writes down every deployment that the model sees. */
export class HistoryRecorder {
  readonly #model: DeliveryModel;
  readonly #store: DeploymentStore;
  readonly #logger: LoggerService;
  /** What was written of each deployment, so that nothing is written twice. */
  readonly #written = new Map<string, string>();
  readonly #waiting = new Map<string, PlacedDeployment>();
  #timer?: ReturnType<typeof setTimeout>;
  #writing?: Promise<void>;
  #end = () => {};

  static create(options: {
    readonly model: DeliveryModel;
    readonly store: DeploymentStore;
    readonly logger: LoggerService;
  }): HistoryRecorder {
    return new HistoryRecorder(options);
  }

  private constructor(options: Parameters<typeof HistoryRecorder.create>[0]) {
    this.#model = options.model;
    this.#store = options.store;
    this.#logger = options.logger;
  }

  start(): void {
    this.#end = this.#model.subscribe(change => {
      if (change !== 'freshness') {
        this.#take(change === 'all' ? this.#model.deployments : change);
      }
    });
    this.#take(this.#model.deployments);
  }

  /** Writes what is left, and ends. */
  async stop(): Promise<void> {
    this.#end();
    clearTimeout(this.#timer);
    await this.#writing;
    await this.#write();
    clearTimeout(this.#timer);
  }

  #take(deployments: Iterable<PlacedDeployment>): void {
    for (const placed of deployments) {
      if (this.#written.get(placed.id) !== signatureOf(placed)) {
        this.#waiting.set(placed.id, placed);
      }
    }
    this.#schedule(DELAY_MS);
  }

  #schedule(delay: number): void {
    if (this.#waiting.size > 0 && !this.#timer && !this.#writing) {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#writing = this.#write().then(written => {
          this.#writing = undefined;
          this.#schedule(written ? DELAY_MS : RETRY_MS);
        });
      }, delay);
      this.#timer.unref();
    }
  }

  /** @returns false if it failed; it never throws */
  async #write(): Promise<boolean> {
    const batch = [...this.#waiting.values()];
    this.#waiting.clear();
    try {
      await this.#store.record(batch.flatMap(toRecords));
      batch.forEach(placed =>
        this.#written.set(placed.id, signatureOf(placed)),
      );
      return true;
    } catch (error) {
      this.#logger.warn(
        `The history of ${batch.length} deployments could not be written; it is tried again`,
        toError(error),
      );
      // What came meanwhile is newer.
      batch
        .filter(placed => !this.#waiting.has(placed.id))
        .forEach(placed => this.#waiting.set(placed.id, placed));
      return false;
    }
  }
}

function toRecords(placed: PlacedDeployment): DeploymentRecord[] {
  const { environment, observed, service, source } = placed;
  const names = [observed.labels['app.kubernetes.io/name'], service?.name];
  return observed.past.map(past => ({
    ...past,
    source,
    deployment: observed.id,
    name: observed.name,
    entityRef: service?.entityRef,
    environment,
    version: readVersion(
      past.images ?? [],
      names.flatMap(name => name ?? []),
    ),
  }));
}

/** Short, as it is kept for every deployment. */
function signatureOf({ environment, observed, service }: PlacedDeployment) {
  return createHash('sha256')
    .update(JSON.stringify([service?.entityRef, environment, observed.past]))
    .digest('base64');
}
