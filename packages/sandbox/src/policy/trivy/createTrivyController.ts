import { timestamp } from '../../kubernetes/controllers/conditions';
import type {
  Controller,
  ControllerTools,
} from '../../kubernetes/controllers/Controller';
import { Delays } from '../../kubernetes/controllers/Delays';
import { objectKey, refTo } from '../../kubernetes/controllers/objectKey';
import { canonical } from '../../kubernetes/controllers/templateHash';
import type {
  ClusterEvent,
  KubernetesObject,
  TypeRef,
} from '../../kubernetes/KubernetesCluster';
import type { CheckedPod } from './configurationChecks';
import { configurationReport } from './configurationReport';
import type { VulnerabilityDatabase } from './VulnerabilityDatabase';
import { vulnerabilityReport } from './vulnerabilityReport';

/** What is scanned. Deployments are not: their ReplicaSets are. */
const SCANNED: readonly TypeRef[] = [
  ...['ReplicaSet', 'StatefulSet', 'DaemonSet'].map(kind => ({
    apiVersion: 'apps/v1',
    kind,
  })),
  { apiVersion: 'batch/v1', kind: 'CronJob' },
];
const SYSTEM_NAMESPACES = ['kube-system', 'kube-public', 'kube-node-lease'];

/**
 * Trivy Operator: a VulnerabilityReport for each container and a ConfigAuditReport for each workload that runs.
 *
 * @remarks
 * Reports are made anew when the workload's template or the database changes; they do not expire.
 *
 * @internal
 */
export function createTrivyController(
  tools: ControllerTools,
  database: VulnerabilityDatabase,
): Controller & { rescan(): void } {
  const { cluster } = tools;
  const delays = new Delays(tools, [2000, 6000]);
  let add: (key: string) => void = () => {};
  const scan = (object: KubernetesObject) => {
    const pod = podOf(object);
    const time = timestamp();
    for (const container of pod.containers) {
      writeReport(
        tools,
        vulnerabilityReport(
          object,
          container,
          database.find(container.image),
          time,
        ),
      );
    }
    writeReport(tools, configurationReport(object, pod, time));
  };

  return {
    name: 'trivy-operator',
    start(queue) {
      add = queue.add;
    },
    watches: SCANNED.map(type => ({
      type,
      keys: (event: ClusterEvent) =>
        isNews(event) ? [`${type.kind} ${objectKey(event.object)}`] : [],
    })),
    reconcile(key) {
      const object = find(tools, key);
      if (object && delays.isOver(`trivy ${key}`, () => add(key))) {
        scan(object);
      }
    },
    /** Scans everything that runs at once. */
    rescan() {
      for (const type of SCANNED) {
        for (const object of cluster.list(type)) {
          if (isScanned(object)) {
            scan(object);
          }
        }
      }
    },
  };
}

function find(
  { cluster }: ControllerTools,
  key: string,
): KubernetesObject | undefined {
  const [kind, address] = key.split(' ');
  const [namespace, name] = address.split('/');
  const type = SCANNED.find(candidate => candidate.kind === kind)!;
  const object = cluster.get({ ...type, namespace, name });
  return object && isScanned(object) ? object : undefined;
}

function isScanned({ metadata, spec }: KubernetesObject): boolean {
  return (
    !metadata.deletionTimestamp &&
    !SYSTEM_NAMESPACES.includes(metadata.namespace!) &&
    spec.replicas !== 0
  );
}

function podOf({ kind, spec }: KubernetesObject): CheckedPod {
  return (kind === 'CronJob' ? spec.jobTemplate.spec : spec).template.spec;
}

function isNews({ type, object, previous }: ClusterEvent): boolean {
  return (
    type === 'ADDED' ||
    (type === 'MODIFIED' &&
      (canonical(podOf(object)) !== canonical(podOf(previous!)) ||
        (previous!.spec.replicas === 0 && object.spec.replicas > 0)))
  );
}

function writeReport({ cluster }: ControllerTools, report: KubernetesObject) {
  const current = cluster.get(refTo(report));
  if (!current) {
    cluster.create(report, { fieldManager: 'trivy-operator' });
  } else if (canonical(found(current)) !== canonical(found(report))) {
    cluster.update(report, { fieldManager: 'trivy-operator' });
  }
}

/** What a report says besides when it was made. */
function found({ metadata, report }: KubernetesObject): object {
  return {
    owner: metadata.ownerReferences?.[0].uid,
    labels: metadata.labels,
    checks: report.checks,
    vulnerabilities: (
      (report.vulnerabilities ?? []) as {
        vulnerabilityID: string;
        severity: string;
        fixedVersion: string;
      }[]
    ).map(({ vulnerabilityID, severity, fixedVersion }) => ({
      vulnerabilityID,
      severity,
      fixedVersion,
    })),
  };
}
