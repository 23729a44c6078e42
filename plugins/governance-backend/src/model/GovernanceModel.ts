import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Environments } from '@waystone/environments';
import type { KubernetesClient } from '@waystone/integrations';
import type { Freshness } from '@waystone/plugin-governance-common';
import { KindWatcher } from '../kubernetes/KindWatcher';
import type { KindChange, WatchedKinds } from '../kubernetes/KindWatcher';
import { readClusterPolicy } from '../kubernetes/readClusterPolicy';
import { readConstraint } from '../kubernetes/readConstraint';
import { readPolicyReport } from '../kubernetes/readPolicyReport';
import {
  readConfigurationReport,
  readVulnerabilityReport,
} from '../kubernetes/readTrivyReports';
import { readWorkload } from '../kubernetes/readWorkload';
import type { ObservedWorkload } from '../kubernetes/readWorkload';
import type { GovernedEntity } from './EntityDirectory';
import type { FirstSeen } from './Finding';
import { createMisconfigurationSet, createVulnerabilitySet } from './ScanSet';
import { SubjectDirectory } from './SubjectDirectory';
import { ViolationSet } from './ViolationSet';

/** Gatekeeper audits every minute, unless it is told otherwise; clocks may differ by ten. */
const LONGEST_SILENCE_MS = 15 * 60_000;

const WORKLOADS: readonly Pick<
  WatchedKinds<unknown>,
  'apiVersion' | 'kinds' | 'metadataOnly'
>[] = [
  { apiVersion: 'v1', kinds: ['Pod'], metadataOnly: true },
  {
    apiVersion: 'apps/v1',
    kinds: ['Deployment', 'StatefulSet', 'DaemonSet'],
    metadataOnly: true,
  },
  // Whether they run anything is in the spec.
  { apiVersion: 'apps/v1', kinds: ['ReplicaSet'] },
  { apiVersion: 'batch/v1', kinds: ['CronJob', 'Job'], metadataOnly: true },
  {
    apiVersion: 'argoproj.io/v1alpha1',
    kinds: ['Rollout'],
    metadataOnly: true,
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kinds: ['Ingress'],
    metadataOnly: true,
  },
  // What is requested of the platform
  { apiVersion: 'platform.waystone.dev/v1alpha1', metadataOnly: true },
];

/**
 * What is found at what runs, in memory: filled once from every cluster, and followed from there.
 */
export class GovernanceModel {
  readonly #watcher: KindWatcher;
  readonly #subjects: SubjectDirectory;
  readonly #listeners = new Set<() => void>();
  readonly violations: ViolationSet;
  readonly vulnerabilities: ReturnType<typeof createVulnerabilitySet>;
  readonly misconfigurations: ReturnType<typeof createMisconfigurationSet>;

  constructor(options: {
    readonly clients: readonly KubernetesClient[];
    readonly environments: Environments;
    readonly firstSeen: FirstSeen;
    readonly logger: LoggerService;
    /** Kinds that others want to follow. */
    readonly watched?: readonly WatchedKinds<any>[];
  }) {
    const { clients, environments, firstSeen, logger, watched = [] } = options;
    const subjects = new SubjectDirectory({ environments });
    this.#subjects = subjects;
    this.violations = new ViolationSet({ subjects, firstSeen });
    this.vulnerabilities = createVulnerabilitySet({ subjects, firstSeen });
    this.misconfigurations = createMisconfigurationSet({ subjects, firstSeen });
    this.#watcher = new KindWatcher({
      clients,
      logger,
      watched: [...this.#watched(), ...watched],
      onState: () => this.#tell(),
    });
  }

  /** Begins to follow the clusters. */
  async start(): Promise<void> {
    await this.#watcher.refresh();
  }

  async stop(): Promise<void> {
    this.#listeners.clear();
    await this.#watcher.stop();
  }

  /** Looks for kinds that came or went. */
  async refreshKinds(): Promise<void> {
    await this.#watcher.refresh();
  }

  /** Tells after every change. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  setEntities(entities: readonly GovernedEntity[]): void {
    this.#replace(this.#subjects.setEntities(entities));
  }

  /** Whether everything was read, and nothing is out of date. */
  get isCurrent(): boolean {
    return this.#watcher.isCurrent;
  }

  /** Of the policy engines. */
  get policyFreshness(): readonly Freshness[] {
    const all = this.#watcher.freshness(['gatekeeper', 'kyverno', 'reports']);
    return all
      .filter(
        ({ source, stale }) =>
          // Where there is Kyverno, the reports are its own.
          stale ||
          !source.startsWith('reports/') ||
          !all.some(
            other => other.source === source.replace('reports', 'kyverno'),
          ),
      )
      .map(freshness => this.#withAudit(freshness));
  }

  /** Of the scanner. */
  get scanFreshness(): readonly Freshness[] {
    return this.#watcher.freshness(['trivy']);
  }

  /** What Gatekeeper found is as old as its audit, however live the watch is. */
  #withAudit(freshness: Freshness): Freshness {
    const [system, cluster] = freshness.source.split('/');
    const auditedAt = this.violations.auditedAt(cluster);
    if (system !== 'gatekeeper' || !auditedAt) {
      return freshness;
    }
    const silent = Date.now() - Date.parse(auditedAt) > LONGEST_SILENCE_MS;
    return {
      ...freshness,
      observedAt: auditedAt,
      ...(silent &&
        !freshness.stale && {
          stale: true,
          reason: 'Gatekeeper has not audited the cluster since',
        }),
    };
  }

  #watched(): readonly WatchedKinds<any>[] {
    const follow =
      <T>(take: (change: KindChange<T>) => void) =>
      (change: KindChange<T>) => {
        take(change);
        this.#tell();
      };
    const { misconfigurations, violations, vulnerabilities } = this;
    return [
      {
        system: 'gatekeeper',
        apiVersion: 'constraints.gatekeeper.sh/v1beta1',
        transform: readConstraint,
        onChange: follow(change => violations.setConstraint(change)),
      },
      {
        system: 'gatekeeper',
        apiVersion: 'templates.gatekeeper.sh/v1',
        kinds: ['ConstraintTemplate'],
        metadataOnly: true,
        transform: () => true,
        // Each brings a kind of constraints.
        onChange: () => this.#watcher.refreshSoon(),
      },
      {
        system: 'kyverno',
        apiVersion: 'kyverno.io/v1',
        kinds: ['ClusterPolicy'],
        transform: readClusterPolicy,
        onChange: follow(change => violations.setPolicy(change)),
      },
      ...['wgpolicyk8s.io/v1alpha2', 'openreports.io/v1alpha1'].map(
        apiVersion => ({
          system: 'reports',
          apiVersion,
          kinds: [
            'PolicyReport',
            'ClusterPolicyReport',
            'Report',
            'ClusterReport',
          ],
          transform: readPolicyReport,
          onChange: follow(
            (
              change: KindChange<
                NonNullable<ReturnType<typeof readPolicyReport>>
              >,
            ) => violations.setReport(change),
          ),
        }),
      ),
      {
        system: 'trivy',
        apiVersion: 'aquasecurity.github.io/v1alpha1',
        kinds: ['VulnerabilityReport'],
        transform: readVulnerabilityReport,
        onChange: follow(change => vulnerabilities.setReport(change)),
      },
      {
        system: 'trivy',
        apiVersion: 'aquasecurity.github.io/v1alpha1',
        kinds: ['ConfigAuditReport'],
        transform: readConfigurationReport,
        onChange: follow(change => misconfigurations.setReport(change)),
      },
      ...WORKLOADS.map(kinds => ({
        ...kinds,
        system: 'kubernetes',
        transform: readWorkload,
        onChange: (change: KindChange<ObservedWorkload>) => {
          const places = this.#subjects.setWorkload(change);
          if (places.length > 0) {
            this.#replace(places);
          }
        },
      })),
    ];
  }

  #replace(places: readonly string[]) {
    this.violations.replace(places);
    this.vulnerabilities.replace(places);
    this.misconfigurations.replace(places);
    this.#tell();
  }

  #tell() {
    this.#listeners.forEach(listener => listener());
  }
}
