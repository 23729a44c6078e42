import type { VaultCore } from './VaultCore';
import { invalidRequest, VaultError } from './VaultError';

const VERSION = '2.6.2';
const MIN_KEY_BYTES = 16;

interface PlainAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/**
 * Answers what is answered in any state and to anybody: health and the seal.
 *
 * @returns Undefined for other paths.
 */
export function answerUnauthenticated(
  core: VaultCore,
  method: string,
  path: string,
  query: URLSearchParams,
  fields: Readonly<Record<string, unknown>>,
): PlainAnswer | undefined {
  const isRead = method === 'GET' || method === 'HEAD';
  const isWrite = method === 'POST' || method === 'PUT';
  if (path === 'sys/health' && isRead) {
    return describeHealth(core, query);
  }
  if (path === 'sys/seal-status' && isRead) {
    return { status: 200, body: describeSeal(core) };
  }
  if (path === 'sys/init' && isRead) {
    return { status: 200, body: { initialized: true } };
  }
  if (path === 'sys/leader' && isRead && !core.state.data.sealed) {
    return { status: 200, body: { ha_enabled: false } };
  }
  if (path === 'sys/unseal' && isWrite) {
    return { status: 200, body: unseal(core, fields) };
  }
  return undefined;
}

function describeHealth(core: VaultCore, query: URLSearchParams): PlainAnswer {
  const { sealed, clusterId } = core.state.data;
  const isTrue = (name: string) =>
    query.has(name) && ['true', '1', ''].includes(query.get(name)!);
  const code = (name: string, otherwise: number): number => {
    const given = query.get(name);
    if (given === null) {
      return otherwise;
    }
    if (!/^[1-5]\d\d$/.test(given)) {
      throw new VaultError(400);
    }
    return Number(given);
  };
  let status = code('activecode', 200);
  if (sealed) {
    status = code('sealedcode', 503);
  } else if (core.standby && !isTrue('standbyok')) {
    status = code('standbycode', 429);
  }
  const replication = sealed ? 'unknown' : 'disabled';
  return {
    status,
    body: {
      initialized: true,
      sealed,
      standby: sealed || core.standby,
      replication_performance_mode: replication,
      replication_dr_mode: replication,
      server_time_utc: Math.floor(Date.now() / 1000),
      version: VERSION,
      ...(!sealed && {
        cluster_name: clusterName(clusterId),
        cluster_id: clusterId,
      }),
    },
  };
}

function describeSeal(core: VaultCore): Record<string, unknown> {
  const { sealed, clusterId } = core.state.data;
  return {
    type: 'shamir',
    initialized: true,
    sealed,
    t: 1,
    n: 1,
    progress: 0,
    nonce: '',
    recovery_seal: false,
    version: VERSION,
    commit_date: '',
    migration: false,
    ...(!sealed && {
      cluster_name: clusterName(clusterId),
      cluster_id: clusterId,
    }),
    storage_type: 'file',
  };
}

function unseal(core: VaultCore, fields: Readonly<Record<string, unknown>>) {
  if (fields.reset === true) {
    return describeSeal(core);
  }
  const { key } = fields;
  if (typeof key !== 'string' || key === '') {
    throw invalidRequest(
      "'key' must be specified in request body as JSON, or 'reset' set to true",
    );
  }
  if (Buffer.from(key, 'base64').length < MIN_KEY_BYTES) {
    throw invalidRequest(
      `invalid key: key is shorter than minimum ${MIN_KEY_BYTES} bytes`,
    );
  }
  if (key !== core.unsealKey) {
    throw invalidRequest('unseal failed, invalid key');
  }
  core.setSealed(false);
  return describeSeal(core);
}

function clusterName(id: string): string {
  return `vault-cluster-${id.slice(0, 8)}`;
}
