import { createHash, randomBytes } from 'node:crypto';
import type {
  ControllerQueue,
  ControllerTools,
} from '../../kubernetes/controllers/Controller';
import {
  findCondition,
  setCondition,
  timestamp,
} from '../../kubernetes/controllers/conditions';
import type { Condition } from '../../kubernetes/controllers/conditions';
import { refOf } from '../../kubernetes/controllers/objectKey';
import { writeStatus } from '../../kubernetes/controllers/writeStatus';
import type { KubernetesObject } from '../../kubernetes/KubernetesCluster';
import type { Pauses } from '../Pauses';
import { accessSecret, accessServices, readPassword } from './accessObjects';
import type { DatabaseAccess } from './accessObjects';
import type { OwnedDatabase } from './DatabaseServer';
import type { PostgresProvisioner } from './PostgresProvisioner';
import {
  BACKUP,
  BROKEN_ANNOTATION,
  DATABASE_FINALIZER,
  HEALTHY,
  POSTGRES_CLUSTER,
} from './postgresTypes';

/** As CloudNativePG's operator calls itself in events. */
export const OPERATOR = 'cloudnative-pg';
const PRIMARY_MILLISECONDS = 3000;
const STEP_MILLISECONDS = 7000;
const RETRY_MILLISECONDS = 10_000;

/**
 * One look at one Cluster.
 *
 * @internal
 */
export class PostgresReconcile {
  readonly #cluster: ControllerTools['cluster'];
  readonly #provisioner: PostgresProvisioner;
  readonly #pauses: Pauses;
  readonly #key: string;
  readonly #queue: ControllerQueue;
  readonly #work: string;
  #object: KubernetesObject;

  constructor(options: {
    readonly cluster: ControllerTools['cluster'];
    readonly provisioner: PostgresProvisioner;
    readonly pauses: Pauses;
    readonly object: KubernetesObject;
    readonly key: string;
    readonly queue: ControllerQueue;
  }) {
    const { cluster, key, object } = options;
    this.#cluster = cluster;
    this.#provisioner = options.provisioner;
    this.#pauses = options.pauses;
    this.#object = object;
    this.#key = key;
    this.#queue = options.queue;
    this.#work = `${cluster.name} ${key} ${object.metadata.uid}`;
  }

  run(): void {
    if (this.#object.metadata.deletionTimestamp) {
      this.#delete();
      return;
    }
    if (!this.#object.metadata.finalizers?.includes(DATABASE_FINALIZER)) {
      this.#setFinalizers([
        ...(this.#object.metadata.finalizers ?? []),
        DATABASE_FINALIZER,
      ]);
    }
    if (!this.#provision()) {
      return;
    }
    if (this.#object.metadata.annotations?.[BROKEN_ANNOTATION] === 'true') {
      this.#break();
      return;
    }
    this.#advance();
  }

  get #name(): string {
    return this.#object.metadata.name!;
  }

  get #status(): any {
    return this.#object.status ?? {};
  }

  get #instances(): number {
    return this.#object.spec?.instances ?? 1;
  }

  get #owned(): OwnedDatabase {
    return this.#provisioner.nameOf(
      'db',
      this.#cluster.name,
      this.#object.metadata.namespace!,
      this.#name,
    );
  }

  /** Makes the database; whether it is there. */
  #provision(): boolean {
    if (!this.#status.phase) {
      this.#write({ phase: 'Setting up primary', readyInstances: 0 });
      this.#record(
        'Normal',
        'CreatingInstance',
        `Creating instance ${this.#name}-1`,
      );
    }
    const { server, work } = this.#provisioner;
    const access = this.#access();
    // With another password the role is changed.
    const task = `${this.#work} ${createHash('sha256')
      .update(access.password)
      .digest('hex')}`;
    const source = this.#recoverySource();
    if (source === null) {
      this.#write({
        phase: 'Unable to create required cluster objects',
        phaseReason:
          'There is no completed backup with this name to recover from',
        readyInstances: 0,
      });
      this.#queue.addAfter(this.#key, RETRY_MILLISECONDS);
      return false;
    }
    const result = work.run(
      task,
      async () => {
        if (!server) {
          return;
        }
        if (source && this.#status.phase !== HEALTHY) {
          await server.copy(source, this.#owned, access.password);
        } else {
          await server.create(this.#owned, access.password);
        }
      },
      () => this.#queue.add(this.#key),
    );
    if (!result) {
      return false;
    }
    if (result.error) {
      work.forget(task);
      this.#write({
        phase: 'Unable to create required cluster objects',
        phaseReason: result.error.message,
        readyInstances: 0,
      });
      this.#record('Warning', 'DatabaseNotCreated', result.error.message);
      this.#queue.addAfter(this.#key, RETRY_MILLISECONDS);
      return false;
    }
    for (const object of [
      accessSecret(this.#object, access),
      ...accessServices(this.#object),
    ]) {
      this.#cluster.apply(object, { fieldManager: OPERATOR, force: true });
    }
    return true;
  }

  /**
   * How it is reached. The password is what the Secret says; whoever deletes the Secret of what is there gets another one.
   */
  #access(): DatabaseAccess {
    const namespace = this.#object.metadata.namespace!;
    const access = this.#provisioner.accessOf(
      this.#cluster.name,
      namespace,
      this.#name,
    );
    const password = readPassword(this.#cluster, namespace, this.#name);
    if (password !== undefined || this.#status.phase !== HEALTHY) {
      return { ...access, ...(password && { password }) };
    }
    const renewed = {
      ...access,
      password: randomBytes(24).toString('base64url'),
    };
    // First, so that no password is ever only in memory.
    this.#cluster.apply(accessSecret(this.#object, renewed), {
      fieldManager: OPERATOR,
      force: true,
    });
    return renewed;
  }

  /** What is copied; undefined: the database is empty; null: it is not there. */
  #recoverySource(): OwnedDatabase | undefined | null {
    const recovery = this.#object.spec?.bootstrap?.recovery;
    if (!recovery) {
      return undefined;
    }
    const namespace = this.#object.metadata.namespace!;
    if (recovery.backup) {
      const backup = this.#cluster.get({
        ...BACKUP,
        namespace,
        name: recovery.backup.name,
      });
      const isDone = backup?.status?.phase === 'completed';
      // Once the copy is made, the backup may go.
      return isDone || this.#status.phase === HEALTHY
        ? this.#provisioner.nameOf(
            'bak',
            this.#cluster.name,
            namespace,
            recovery.backup.name,
          )
        : null;
    }
    const external = this.#object.spec.externalClusters?.find(
      (item: any) => item.name === recovery.source,
    );
    const name =
      external?.plugin?.parameters?.serverName ??
      external?.barmanObjectStore?.serverName ??
      recovery.source;
    const target = recovery.recoveryTarget?.backupID;
    const backups = this.#cluster
      .list(BACKUP, { namespace })
      .filter(
        ({ spec, status }) =>
          spec.cluster.name === name && status?.phase === 'completed',
      )
      .filter(({ status }) => !target || status?.backupId === target)
      .sort((left, right) =>
        left.status!.stoppedAt < right.status!.stoppedAt ? 1 : -1,
      );
    const origin =
      name && this.#cluster.get({ ...POSTGRES_CLUSTER, namespace, name });
    if (!target && origin) {
      // Up to the last transaction: that is the database itself.
      return this.#nameOf('db', name);
    }
    const [backup] = backups;
    return backup || this.#status.phase === HEALTHY
      ? this.#nameOf('bak', backup?.metadata.name ?? name)
      : null;
  }

  #nameOf(kind: 'db' | 'bak', name: string): OwnedDatabase {
    return this.#provisioner.nameOf(
      kind,
      this.#cluster.name,
      this.#object.metadata.namespace!,
      name,
    );
  }

  /** Brings the instances up one after another. */
  #advance(): void {
    const { readyInstances = 0, phase } = this.#status;
    if (phase === HEALTHY && readyInstances === this.#instances) {
      this.#followSpec();
      return;
    }
    const isOver = this.#pauses.isOver(
      `${this.#work} ${readyInstances} ${phase}`,
      phase === 'Setting up primary' ? PRIMARY_MILLISECONDS : STEP_MILLISECONDS,
      () => this.#queue.add(this.#key),
    );
    if (!isOver) {
      return;
    }
    if (phase !== 'Failing over' && readyInstances + 1 < this.#instances) {
      this.#write({
        phase: 'Creating a new replica',
        readyInstances: readyInstances + 1,
      });
      this.#record(
        'Normal',
        'CreatingInstance',
        `Creating instance ${this.#name}-${readyInstances + 2}`,
      );
      this.#queue.add(this.#key);
      return;
    }
    this.#setHealthy(this.#instances);
  }

  /** A new image or other settings take a while, in which the database goes on. */
  #followSpec(): void {
    const { observedImage, image } = this.#images();
    if (observedImage !== image) {
      this.#write({ phase: 'Upgrading cluster', image });
      this.#record('Normal', 'UpgradingInstance', `Upgrading to ${image}`);
      return;
    }
    this.#setHealthy(this.#instances);
  }

  #images() {
    const image =
      this.#object.spec?.imageName ??
      'ghcr.io/cloudnative-pg/postgresql:18.0-system-trixie';
    return { observedImage: this.#status.image, image };
  }

  #setHealthy(readyInstances: number): void {
    const names = Array.from(
      { length: readyInstances },
      (_none, index) => `${this.#name}-${index + 1}`,
    );
    const currentPrimary = names.includes(this.#status.targetPrimary)
      ? this.#status.targetPrimary
      : names[0];
    const wasHealthy =
      findCondition(this.#status.conditions, 'Ready')?.status === 'True';
    this.#write(
      {
        phase: HEALTHY,
        phaseReason: undefined,
        readyInstances,
        currentPrimary,
        targetPrimary: currentPrimary,
        currentPrimaryTimestamp:
          this.#status.currentPrimary === currentPrimary
            ? this.#status.currentPrimaryTimestamp
            : timestamp(),
        instanceNames: names,
        instancesStatus: { healthy: names },
        image: this.#images().image,
      },
      {
        type: 'Ready',
        status: 'True',
        reason: 'ClusterIsReady',
        message: this.#provisioner.server
          ? 'Cluster is Ready'
          : 'Simulated by the sandbox: there is no PostgreSQL to make a database in',
      },
    );
    if (!wasHealthy) {
      this.#record('Normal', 'ClusterReady', HEALTHY);
    }
  }

  /** A database that nobody reaches: as if the primary were gone and no replica took over. */
  #break(): void {
    const next = `${this.#name}-${this.#instances > 1 ? 2 : 1}`;
    if (this.#status.phase !== 'Failing over') {
      this.#record(
        'Warning',
        'FailingOver',
        `Current primary isn't healthy, failing over from ${
          this.#status.currentPrimary ?? `${this.#name}-1`
        }`,
      );
    }
    this.#write({
      phase: 'Failing over',
      phaseReason: `Failing over from ${
        this.#status.currentPrimary ?? `${this.#name}-1`
      } to ${next}`,
      readyInstances: 0,
      targetPrimary: next,
      instancesStatus: {
        failed: this.#status.instanceNames ?? [`${this.#name}-1`],
      },
    });
  }

  #delete(): void {
    const { server, work } = this.#provisioner;
    const name = `${this.#work} drop`;
    const result = work.run(
      name,
      async () => server?.drop(this.#owned),
      () => this.#queue.add(this.#key),
    );
    if (!result) {
      return;
    }
    if (result.error) {
      work.forget(name);
      this.#record('Warning', 'DatabaseNotDropped', result.error.message);
      this.#queue.addAfter(this.#key, RETRY_MILLISECONDS);
      return;
    }
    this.#setFinalizers(
      (this.#object.metadata.finalizers ?? []).filter(
        item => item !== DATABASE_FINALIZER,
      ),
    );
  }

  #setFinalizers(finalizers: readonly string[]): void {
    this.#object = this.#cluster.patch(
      refOf(POSTGRES_CLUSTER, this.#key),
      { metadata: { finalizers } },
      { fieldManager: OPERATOR },
    );
  }

  #write(fields: Record<string, unknown>, ready?: Condition): void {
    const { conditions, ...status } = this.#status;
    const names: Record<string, unknown> = {
      writeService: `${this.#name}-rw`,
      readService: `${this.#name}-r`,
      instances: this.#instances,
    };
    writeStatus(
      this.#cluster,
      this.#object,
      {
        ...status,
        ...names,
        ...fields,
        conditions: setCondition(
          conditions,
          ready ?? {
            type: 'Ready',
            status: 'False',
            reason: 'ClusterIsNotReady',
            message: 'Cluster Is Not Ready',
          },
        ),
      },
      OPERATOR,
    );
    this.#object =
      this.#cluster.get(refOf(POSTGRES_CLUSTER, this.#key)) ?? this.#object;
  }

  #record(type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#cluster.recordEvent({
      regarding: this.#object,
      type,
      reason,
      message,
      component: OPERATOR,
    });
  }
}
