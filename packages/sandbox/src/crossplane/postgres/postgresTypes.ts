import type { ObjectRef, TypeRef } from '../../kubernetes/KubernetesCluster';

const API_VERSION = 'postgresql.cnpg.io/v1';

export const POSTGRES_CLUSTER: TypeRef = {
  apiVersion: API_VERSION,
  kind: 'Cluster',
};
export const BACKUP: TypeRef = { apiVersion: API_VERSION, kind: 'Backup' };
export const SCHEDULED_BACKUP: TypeRef = {
  apiVersion: API_VERSION,
  kind: 'ScheduledBackup',
};

/** Keeps an object until what is behind it is dropped. */
export const DATABASE_FINALIZER = 'sandbox.waystone.dev/database';
/** Set by the story that breaks a database. */
export const BROKEN_ANNOTATION = 'sandbox.waystone.dev/broken';
export const HEALTHY = 'Cluster in healthy state';

/** Where a database of CloudNativePG is. */
export type PostgresRef = Pick<ObjectRef, 'name'> & {
  /** The name of the Kubernetes cluster. */
  readonly cluster: string;
  readonly namespace: string;
};
