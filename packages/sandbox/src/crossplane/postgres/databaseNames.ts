import { createHash } from 'node:crypto';
import type { OwnedDatabase } from './DatabaseServer';

/** Of PostgreSQL, less what is put behind the name. */
const LONGEST_PREFIX = 44;

/**
 * The database and the role of an object in a cluster: the same in every start, and no two objects have the same.
 *
 * @param installation - tells the sandboxes apart that use one PostgreSQL
 * @param kind - `db` for databases, `bak` for backups
 */
export function databaseName(
  installation: string,
  kind: 'db' | 'bak',
  cluster: string,
  namespace: string,
  name: string,
): OwnedDatabase {
  const digest = createHash('sha256')
    .update(JSON.stringify([installation, kind, cluster, namespace, name]))
    .digest('hex')
    .slice(0, 10);
  const readable = `${kind}_${namespace}_${name}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .slice(0, LONGEST_PREFIX);
  const database = `${readable}_${digest}`;
  return { database, owner: database };
}
