import type {
  Controller,
  ControllerTools,
} from '../../kubernetes/controllers/Controller';
import { objectKey } from '../../kubernetes/controllers/objectKey';
import { canonical } from '../../kubernetes/controllers/templateHash';
import type {
  ClusterEvent,
  KubernetesObject,
  TypeRef,
} from '../../kubernetes/KubernetesCluster';
import type { KyvernoRule, ReviewedPod } from './kyvernoRules';
import { KYVERNO_RULES } from './kyvernoRules';

const REPORT: TypeRef = {
  apiVersion: 'wgpolicyk8s.io/v1alpha2',
  kind: 'PolicyReport',
};
const POLICY: TypeRef = {
  apiVersion: 'kyverno.io/v1',
  kind: 'ClusterPolicy',
};

/** What is reported on, and what Kyverno puts before the names of rules that it made for a kind. */
const REPORTED: readonly {
  readonly type: TypeRef;
  readonly prefix: string;
  readonly path: readonly string[];
}[] = [
  { type: { apiVersion: 'v1', kind: 'Pod' }, prefix: '', path: ['spec'] },
  ...['Deployment', 'StatefulSet', 'DaemonSet'].map(kind => ({
    type: { apiVersion: 'apps/v1', kind },
    prefix: 'autogen-',
    path: ['spec', 'template', 'spec'],
  })),
  {
    type: { apiVersion: 'batch/v1', kind: 'CronJob' },
    prefix: 'autogen-cronjob-',
    path: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
  },
];
/** Kyverno leaves these out unless told otherwise. */
const IGNORED_NAMESPACES = ['kube-system', 'kube-public', 'kube-node-lease'];
const SCAN_DELAY = 2000;

/**
 * Kyverno's background scan: a PolicyReport for each pod and each workload, by the ClusterPolicies that are there.
 *
 * @internal
 */
export function createKyvernoController(tools: ControllerTools): Controller {
  const { cluster, timers } = tools;
  const seen = new Set<string>();
  return {
    name: 'kyverno-reports-controller',
    watches: [
      ...REPORTED.map(({ type }) => ({
        type,
        keys: (event: ClusterEvent) =>
          isChange(event) ? [`${type.kind} ${objectKey(event.object)}`] : [],
      })),
      {
        type: POLICY,
        keys: event =>
          isChange(event)
            ? REPORTED.flatMap(({ type }) =>
                cluster
                  .list(type)
                  .map(object => `${type.kind} ${objectKey(object)}`),
              )
            : [],
      },
    ],
    reconcile(key, queue) {
      const [kind, address] = key.split(' ');
      const reported = REPORTED.find(({ type }) => type.kind === kind)!;
      const [namespace, name] = address.split('/');
      const object = cluster.get({ ...reported.type, namespace, name });
      // The report of what is gone goes with its owner.
      if (
        !object ||
        object.metadata.deletionTimestamp ||
        IGNORED_NAMESPACES.includes(namespace)
      ) {
        seen.delete(key);
        return;
      }
      if (!seen.delete(key)) {
        if (!timers.has(`kyverno ${key}`)) {
          timers.set(`kyverno ${key}`, SCAN_DELAY, () => {
            seen.add(key);
            queue.add(key);
          });
        }
        return;
      }
      const policies = new Set(
        cluster.list(POLICY).map(({ metadata }) => metadata.name),
      );
      const pod = reported.path.reduce<any>(
        (value, field) => value?.[field],
        object,
      ) as ReviewedPod;
      const isJob =
        kind === 'CronJob' ||
        object.metadata.ownerReferences?.some(owner => owner.kind === 'Job');
      const rules = KYVERNO_RULES.filter(
        ({ policy, exceptJobs }) =>
          policies.has(policy) && !(isJob && exceptJobs),
      );
      write(
        tools,
        object,
        rules.map(rule =>
          resultOf(rule, pod, reported.prefix, reported.path.join('/')),
        ),
      );
    },
  };
}

/** Whether anything but a status has changed. */
function isChange({ type, object, previous }: ClusterEvent): boolean {
  return (
    type === 'ADDED' ||
    (type === 'MODIFIED' &&
      canonical(object.spec) !== canonical(previous?.spec)) ||
    (type === 'DELETED' && object.kind === POLICY.kind)
  );
}

interface Result {
  readonly policy: string;
  readonly rule: string;
  readonly result: 'pass' | 'fail';
  readonly message: string;
  readonly severity: string;
  readonly category: string;
  readonly source: 'kyverno';
  readonly scored: true;
}

function resultOf(
  { policy, rule, category, severity, message, check }: KyvernoRule,
  pod: ReviewedPod,
  prefix: string,
  path: string,
): Result {
  const name = `${prefix}${rule}`;
  const problem = check(pod);
  return {
    category,
    message:
      problem === undefined
        ? `validation rule '${name}' passed.`
        : `validation error: ${message} rule ${name} failed at path /${path}/${problem}`,
    policy,
    result: problem === undefined ? 'pass' : 'fail',
    rule: name,
    scored: true,
    severity,
    source: 'kyverno',
  };
}

function write(
  { cluster }: ControllerTools,
  object: KubernetesObject,
  results: readonly Result[],
) {
  const { apiVersion, kind, metadata } = object;
  const ref = {
    ...REPORT,
    namespace: metadata.namespace,
    name: metadata.uid!,
  };
  const current = cluster.get(ref);
  if (results.length === 0) {
    if (current) {
      cluster.delete(ref);
    }
    return;
  }
  if (current && isSame(current, results)) {
    return;
  }
  const timestamp = { nanos: 0, seconds: Math.floor(Date.now() / 1000) };
  const count = (result: string) =>
    results.filter(other => other.result === result).length;
  const report = {
    ...REPORT,
    metadata: {
      name: metadata.uid!,
      namespace: metadata.namespace,
      labels: { 'app.kubernetes.io/managed-by': 'kyverno' },
      ownerReferences: [
        { apiVersion, kind, name: metadata.name!, uid: metadata.uid! },
      ],
    },
    results: results.map(result => ({ ...result, timestamp })),
    scope: {
      apiVersion,
      kind,
      name: metadata.name,
      namespace: metadata.namespace,
      uid: metadata.uid,
    },
    summary: {
      error: 0,
      fail: count('fail'),
      pass: count('pass'),
      skip: 0,
      warn: 0,
    },
  };
  if (current) {
    cluster.update(report, { fieldManager: 'reports-controller' });
  } else {
    cluster.create(report, { fieldManager: 'reports-controller' });
  }
}

function isSame(report: KubernetesObject, results: readonly Result[]): boolean {
  const without = ((report.results ?? []) as { timestamp?: unknown }[]).map(
    ({ timestamp, ...result }) => result,
  );
  return canonical(without) === canonical(results);
}
