import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ClusterServer } from '../ClusterServer';
import type { ClusterUser, KubernetesObject } from '../KubernetesCluster';
import { getPath } from '../patch/jsonValues';
import type { ResourceType } from '../resources/ResourceType';
import { matchesLabelSelector } from '../resources/selectors';
import { StatusError } from '../StatusError';
import { badRequest } from '../write/statusErrors';
import { readBoolean } from './listOptions';

/** How often followed logs are looked at. */
const FOLLOW_MS = 250;

/** `GET …/pods/<name>/log`. */
export function sendPodLog(options: {
  readonly server: ClusterServer;
  readonly type: ResourceType;
  readonly pod: KubernetesObject;
  readonly query: URLSearchParams;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}): void {
  const { server, pod, query, response } = options;
  const container = findContainer(pod, query.get('container') || undefined);
  const previous = readBoolean(query, 'previous');
  checkStarted(pod, container, previous);
  const timestamps = readBoolean(query, 'timestamps');
  const limit = readCount(query, 'limitBytes') ?? Infinity;
  const tail = readCount(query, 'tailLines');
  const seconds = readCount(query, 'sinceSeconds');
  const sinceTime = query.get('sinceTime');
  const since = Math.max(
    seconds === undefined ? 0 : Date.now() - seconds * 1_000,
    sinceTime ? Date.parse(sinceTime) : 0,
  );
  const read = () => server.podLogSource(pod, { container, previous });
  let sent = 0;
  const send = (lines: ReturnType<typeof read>) => {
    for (const { time, line } of lines) {
      const text = timestamps ? `${formatNano(time)} ${line}\n` : `${line}\n`;
      const bytes = Buffer.from(text).subarray(0, limit - sent);
      sent += bytes.length;
      response.write(bytes);
      if (sent >= limit) {
        return;
      }
    }
  };

  const all = read();
  response.writeHead(200, { 'Content-Type': 'text/plain' });
  response.flushHeaders();
  const recent = all.filter(({ time }) => time.getTime() >= since);
  send(
    tail === undefined
      ? recent
      : recent.slice(Math.max(recent.length - tail, 0)),
  );
  if (!readBoolean(query, 'follow') || sent >= limit || previous) {
    response.end();
    return;
  }
  let last = lastLine(all);
  const timer = setInterval(() => {
    const lines = read();
    const next = linesAfter(lines, last);
    send(next);
    last = lastLine(lines) ?? last;
    const { name, namespace, uid } = pod.metadata;
    const now = server.writer.find(options.type, namespace, name!);
    const ended =
      now?.metadata.uid !== uid ||
      ['Succeeded', 'Failed'].includes(now?.status?.phase);
    if (ended || sent >= limit) {
      clearInterval(timer);
      response.end();
    }
  }, FOLLOW_MS);
  timer.unref();
  response.on('close', () => clearInterval(timer));
}

/** `POST …/pods/<name>/eviction`: deletes a pod unless a disruption budget forbids it. */
export function evictPod(
  server: ClusterServer,
  type: ResourceType,
  pod: KubernetesObject,
  eviction: KubernetesObject,
  user: ClusterUser,
  dryRun: boolean,
): Record<string, unknown> {
  const { name, namespace, labels } = pod.metadata;
  const budgetType = server.registry.findPlural(
    'policy',
    'v1',
    'poddisruptionbudgets',
  )!;
  const table = server.store.table(budgetType.storageKind);
  const { start, end } = table.range(`${namespace}/`);
  const budgets = table
    .keys()
    .slice(start, end)
    .map(key => table.get(key)!)
    .filter(budget => matchesLabelSelector(budget.spec?.selector, labels));
  const counts =
    !['Pending', 'Succeeded', 'Failed'].includes(pod.status?.phase) &&
    !pod.metadata.deletionTimestamp;
  if (counts && budgets.length > 1) {
    throw new StatusError({
      code: 500,
      reason: 'InternalError',
      message:
        'Internal error occurred: This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    });
  }
  const [budget] = budgets;
  if (counts && budget) {
    const {
      disruptionsAllowed = 0,
      desiredHealthy = 0,
      currentHealthy = 0,
    } = budget.status ?? {};
    if (disruptionsAllowed <= 0) {
      throw new StatusError({
        code: 429,
        reason: 'TooManyRequests',
        message:
          "Cannot evict pod as it would violate the pod's disruption budget.",
        details: {
          causes: [
            {
              reason: 'DisruptionBudget',
              message: `The disruption budget ${budget.metadata.name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`,
            },
          ],
        },
      });
    }
    if (!dryRun) {
      server.writer.modify(
        budgetType,
        namespace,
        budget.metadata.name!,
        live => ({
          ...live,
          status: {
            ...live.status,
            disruptionsAllowed: disruptionsAllowed - 1,
          },
        }),
        { subresource: 'status' },
      );
    }
  }
  const deleteOptions = eviction.deleteOptions ?? {};
  server.writer.delete(type, namespace, name!, {
    user,
    dryRun,
    propagationPolicy: deleteOptions.propagationPolicy ?? 'Background',
    gracePeriodSeconds: deleteOptions.gracePeriodSeconds,
    preconditions: deleteOptions.preconditions,
  });
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    code: 201,
  };
}

function findContainer(
  pod: KubernetesObject,
  wanted: string | undefined,
): string {
  const names = (field: string): string[] =>
    (pod.spec?.[field] ?? []).map(
      (container: { name: string }) => container.name,
    );
  const containers = names('containers');
  const others = [...names('initContainers'), ...names('ephemeralContainers')];
  if (wanted === undefined) {
    if (containers.length === 1) {
      return containers[0];
    }
    const initial = names('initContainers');
    throw badRequest(
      `a container name must be specified for pod ${
        pod.metadata.name
      }, choose one of: [${containers.join(' ')}]${
        initial.length > 0
          ? ` or one of the init containers: [${initial.join(' ')}]`
          : ''
      }`,
    );
  }
  if (![...containers, ...others].includes(wanted)) {
    throw badRequest(
      `container ${wanted} is not valid for pod ${pod.metadata.name}`,
    );
  }
  return wanted;
}

function checkStarted(
  pod: KubernetesObject,
  container: string,
  previous: boolean,
): void {
  const statuses = [
    ...(getPath(pod, ['status', 'containerStatuses']) ?? []),
    ...(getPath(pod, ['status', 'initContainerStatuses']) ?? []),
  ];
  const status = statuses.find(candidate => candidate.name === container);
  if (previous && !status?.lastState?.terminated) {
    throw badRequest(
      `previous terminated container "${container}" in pod "${pod.metadata.name}" not found`,
    );
  }
  const waiting = status?.state?.waiting;
  if (!previous && waiting && !status.lastState?.terminated) {
    throw badRequest(
      `container "${container}" in pod "${
        pod.metadata.name
      }" is waiting to start: ${
        waiting.message
          ? `${waiting.message}`
          : waiting.reason ?? 'ContainerCreating'
      }`,
    );
  }
}

function readCount(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (value === null || value === '') {
    return undefined;
  }
  const count = Number(value);
  if (!Number.isInteger(count) || count < 0) {
    throw badRequest(`invalid value "${value}" for ${name}`);
  }
  return count;
}

interface LogLine {
  readonly time: Date;
  readonly line: string;
}

function lastLine(lines: readonly LogLine[]): LogLine | undefined {
  return lines[lines.length - 1];
}

/** A source may drop old lines, so the place is found by the last line that was sent. */
function linesAfter(
  lines: readonly LogLine[],
  last: LogLine | undefined,
): readonly LogLine[] {
  if (!last) {
    return lines;
  }
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    const { time, line } = lines[index];
    if (time.getTime() === last.time.getTime() && line === last.line) {
      return lines.slice(index + 1);
    }
    if (time.getTime() < last.time.getTime()) {
      return lines.slice(index + 1);
    }
  }
  return lines;
}

function formatNano(time: Date): string {
  return time.toISOString().replace(/(\.\d+)Z$/, '$1000000Z');
}
