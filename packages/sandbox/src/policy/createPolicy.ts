import { join } from 'node:path';
import { z } from 'zod';
import type { SandboxContext } from '../core/SandboxContext';
import { readStateFile, writeStateFile } from '../core/stateFiles';
import type { ControllerTools } from '../kubernetes/controllers/Controller';
import { ControllerRunner } from '../kubernetes/controllers/ControllerRunner';
import { Timers } from '../kubernetes/controllers/Timers';
import type { KubernetesCluster } from '../kubernetes/KubernetesCluster';
import { createGatekeeper } from './gatekeeper/createGatekeeper';
import { createKyvernoController } from './kyverno/createKyvernoController';
import { createTrivyController } from './trivy/createTrivyController';
import { VulnerabilityDatabase } from './trivy/VulnerabilityDatabase';
import type { Vulnerability } from './trivy/VulnerabilityDatabase';

/**
 * Gatekeeper, Kyverno's reports and Trivy Operator in all clusters.
 *
 * @public
 */
export interface Policy {
  /** Begins to check writes, to audit and to scan. */
  start(): void;
  stop(): void;
  /** Audits all clusters now instead of within a minute. */
  auditNow(): void;
  /**
   * Makes a vulnerability known that images have; their reports show it at once. It survives a restart, where there
   * is a state folder.
   *
   * @param vulnerability - `image` is a part of the references of the images that have it
   */
  addVulnerability(
    vulnerability: Vulnerability & { readonly image: string },
  ): void;
  /** Takes back what was added under an id. */
  removeVulnerability(id: string): void;
}

/** Options of {@link createPolicy}. @public */
export interface PolicyOptions {
  readonly clusters: readonly KubernetesCluster[];
  /**
   * The time between two audits.
   *
   * @defaultValue 60
   */
  readonly auditIntervalSeconds?: number;
}

const addedSchema = z.array(
  z.object({
    id: z.string(),
    image: z.string(),
    package: z.string(),
    installed: z.string(),
    fixed: z.string(),
    severity: z.enum(['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'UNKNOWN']),
    score: z.number().optional(),
    title: z.string(),
    published: z.string().optional(),
  }),
);

/** Creates the policy systems of the clusters. They have no address of their own: their results are objects. */
export function createPolicy(
  context: SandboxContext,
  options: PolicyOptions,
): Policy {
  const file = join(context.stateFolder, 'policy', 'vulnerabilities.json');
  const database = new VulnerabilityDatabase(context);
  const parts = options.clusters.map(cluster => {
    const timers = new Timers(context);
    const tools: ControllerTools = { context, cluster, timers };
    const trivy = createTrivyController(tools, database);
    const gatekeeper = createGatekeeper(context, cluster, {
      auditIntervalSeconds: options.auditIntervalSeconds ?? 60,
    });
    const runner = new ControllerRunner(tools, [
      createKyvernoController(tools),
      trivy,
    ]);
    return { timers, trivy, gatekeeper, runner };
  });
  const saveAndRescan = () => {
    writeStateFile(file, database.added);
    parts.forEach(({ trivy }) => trivy.rescan());
  };

  return {
    start() {
      for (const vulnerability of readStateFile(file, addedSchema) ?? []) {
        database.add(vulnerability);
      }
      for (const { gatekeeper, runner } of parts) {
        gatekeeper.start();
        runner.start();
      }
    },
    stop() {
      for (const { gatekeeper, runner, timers } of parts) {
        gatekeeper.stop();
        runner.stop();
        timers.stop();
      }
    },
    auditNow() {
      parts.forEach(({ gatekeeper }) => gatekeeper.auditNow());
    },
    addVulnerability(vulnerability) {
      database.add(vulnerability);
      saveAndRescan();
    },
    removeVulnerability(id) {
      database.remove(id);
      saveAndRescan();
    },
  };
}
