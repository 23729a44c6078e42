import type { SandboxContext } from '../../core/SandboxContext';
import type { Controller } from '../../kubernetes/controllers/Controller';
import { ControllerRunner } from '../../kubernetes/controllers/ControllerRunner';
import { objectKey, refTo } from '../../kubernetes/controllers/objectKey';
import { fakeDigest } from '../../kubernetes/controllers/templateHash';
import { Timers } from '../../kubernetes/controllers/Timers';
import { writeStatus } from '../../kubernetes/controllers/writeStatus';
import type {
  KubernetesCluster,
  KubernetesObject,
  TypeRef,
} from '../../kubernetes/KubernetesCluster';
import { constraintDefinition } from './constraintDefinition';
import { ConstraintIndex } from './ConstraintIndex';
import { CONSTRAINT_RULES } from './constraintRules';
import { createGatekeeperAdmission } from './createGatekeeperAdmission';
import { GatekeeperAudit } from './GatekeeperAudit';

const TEMPLATE: TypeRef = {
  apiVersion: 'templates.gatekeeper.sh/v1',
  kind: 'ConstraintTemplate',
};
const DEFINITION: TypeRef = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
};
const EXPANSION: TypeRef = {
  apiVersion: 'expansion.gatekeeper.sh/v1beta1',
  kind: 'ExpansionTemplate',
};
const AUDIT_OPERATIONS = ['audit', 'generate', 'mutation-status', 'status'];
const WEBHOOK_OPERATIONS = ['mutation-webhook', 'webhook'];

/** Gatekeeper in one cluster. @internal */
export interface Gatekeeper {
  start(): void;
  stop(): void;
  auditNow(): void;
}

/**
 * Gatekeeper: makes kinds of templates, checks writes, and audits what is there.
 *
 * @internal
 */
export function createGatekeeper(
  context: SandboxContext,
  cluster: KubernetesCluster,
  options: { readonly auditIntervalSeconds: number },
): Gatekeeper {
  const index = new ConstraintIndex(cluster);
  const audit = new GatekeeperAudit(cluster, index);
  const timers = new Timers(context);
  const watches = new Map<string, () => void>();
  let active = false;
  const pods = podNames(cluster.name);

  const follow = (
    type: TypeRef,
    set: (object: KubernetesObject) => void,
    remove: (object: KubernetesObject) => void,
  ) => {
    if (!watches.has(type.kind)) {
      watches.set(
        type.kind,
        cluster.watch(type, event => {
          if (event.type === 'DELETED') {
            remove(event.object);
          } else {
            set(event.object);
          }
        }),
      );
    }
  };
  const followConstraints = (kind: string) =>
    follow(
      { apiVersion: 'constraints.gatekeeper.sh/v1beta1', kind },
      constraint => {
        index.setConstraint(constraint);
        noteEnforcement(cluster, constraint, pods);
      },
      constraint => index.removeConstraint(constraint),
    );

  const templates: Controller = {
    name: 'constrainttemplate-controller',
    watches: [
      { type: TEMPLATE, keys: ({ object }) => [objectKey(object)] },
      {
        type: DEFINITION,
        keys: ({ object }) => {
          const { group, names } = object.spec;
          if (group === 'constraints.gatekeeper.sh') {
            return [names.plural as string];
          }
          if (group === 'expansion.gatekeeper.sh') {
            follow(
              EXPANSION,
              expansion => index.setExpansion(expansion),
              expansion => index.removeExpansion(expansion),
            );
          }
          return [];
        },
      },
    ],
    reconcile(name) {
      const template = cluster.get({ ...TEMPLATE, name });
      const definitionRef = {
        ...DEFINITION,
        name: `${name}.constraints.gatekeeper.sh`,
      };
      const existing = cluster.get(definitionRef);
      if (!template || template.metadata.deletionTimestamp) {
        if (existing) {
          cluster.delete(definitionRef);
        }
        return;
      }
      const { kind } = template.spec.crd.spec.names;
      const definition = constraintDefinition(template);
      if (existing) {
        cluster.patch(refTo(existing), { spec: definition.spec });
      } else {
        cluster.create(definition, { fieldManager: 'gatekeeper' });
      }
      followConstraints(kind);
      noteTemplate(cluster, template, pods);
    },
  };
  const runner = new ControllerRunner({ context, cluster, timers }, [
    templates,
  ]);
  const scheduleAudit = (seconds: number) =>
    timers.set('audit', seconds * 1000, () => {
      audit.run();
      scheduleAudit(options.auditIntervalSeconds);
    });

  return {
    start() {
      active = true;
      cluster.addAdmissionPlugin(
        createGatekeeperAdmission(index, () => active),
      );
      watches.set(
        'everything',
        cluster.watch(undefined, event => {
          if (GatekeeperAudit.concerns(event)) {
            audit.invalidate();
          }
        }),
      );
      runner.start();
      // Not after a whole interval: somebody has just started the sandbox to see what it finds.
      scheduleAudit(options.auditIntervalSeconds / 6);
    },
    stop() {
      active = false;
      runner.stop();
      timers.stop();
      for (const end of watches.values()) {
        end();
      }
      watches.clear();
    },
    auditNow() {
      audit.invalidate();
      audit.run();
    },
  };
}

function podNames(cluster: string) {
  const suffix = (name: string) => fakeDigest(`${cluster} ${name}`, 5);
  return {
    audit: `gatekeeper-audit-6d9f8c7b54-${suffix('audit')}`,
    webhook: `gatekeeper-controller-manager-7c5d9f6b8-${suffix('webhook')}`,
  };
}

function noteTemplate(
  cluster: KubernetesCluster,
  template: KubernetesObject,
  pods: ReturnType<typeof podNames>,
) {
  const { kind } = template.spec.crd.spec.names;
  const errors = CONSTRAINT_RULES[kind]
    ? {}
    : {
        errors: [
          {
            code: 'not_interpreted',
            message: `The sandbox does not execute Rego or CEL, and has no rule of its own for ${kind}. Its constraints find nothing.`,
          },
        ],
      };
  const { generation, uid } = template.metadata;
  const byPod = (id: string, operations: readonly string[]) => ({
    id,
    observedGeneration: generation,
    operations,
    templateUID: uid,
    ...errors,
  });
  writeStatus(
    cluster,
    template,
    {
      byPod: [
        byPod(pods.audit, AUDIT_OPERATIONS),
        byPod(pods.webhook, WEBHOOK_OPERATIONS),
      ],
      created: true,
    },
    'gatekeeper',
  );
}

function noteEnforcement(
  cluster: KubernetesCluster,
  constraint: KubernetesObject,
  pods: ReturnType<typeof podNames>,
) {
  const { generation, uid } = constraint.metadata;
  const byPod = (id: string, operations: readonly string[]) => ({
    constraintUID: uid,
    enforced: true,
    id,
    observedGeneration: generation,
    operations,
  });
  writeStatus(
    cluster,
    constraint,
    {
      ...constraint.status,
      byPod: [
        byPod(pods.audit, AUDIT_OPERATIONS),
        byPod(pods.webhook, WEBHOOK_OPERATIONS),
      ],
    },
    'gatekeeper',
  );
}
