import { randomUUID } from 'node:crypto';
import { createRequestSchema } from '@waystone/plugin-infrastructure-common';
import type {
  Preview,
  PreviewRequest,
  Verdict,
} from '@waystone/plugin-infrastructure-common';
import type { DatabaseRequestStore } from '../database/DatabaseRequestStore';
import { entityNameOf } from '../database/RequestRow';
import type { TeamDirectory } from '../directory/TeamDirectory';
import type { DesiredResource, Provisioner } from '../provisioner/Provisioner';
import type { RecentPlans } from './RecentPlans';
import type { RequestAssessor } from './RequestAssessor';

/** Says what a request or a change would do: what the portal thinks of it, and what the cluster does. */
export class RequestPreviewer {
  readonly #options: {
    readonly assessor: RequestAssessor;
    readonly directory: TeamDirectory;
    readonly provisioner: Provisioner;
    readonly recent: RecentPlans;
    readonly store: DatabaseRequestStore;
  };

  constructor(options: {
    readonly assessor: RequestAssessor;
    readonly directory: TeamDirectory;
    readonly provisioner: Provisioner;
    readonly recent: RecentPlans;
    readonly store: DatabaseRequestStore;
  }) {
    this.#options = options;
  }

  /** What would happen. Nothing does. */
  async preview(body: PreviewRequest, requester: string): Promise<Preview> {
    const { assessor, directory, provisioner, recent, store } = this.#options;
    const known = body.requestId ? await store.find(body.requestId) : undefined;
    const { requestId: _id, ...wanted } = body;
    const form = createRequestSchema.safeParse(wanted);
    const assessment = await assessor.assess(wanted, known);
    const { approval, cost, environment, namespace, offering } = assessment;
    const verdicts: Verdict[] = [
      ...(form.success
        ? []
        : form.error.issues.map(
            ({ path, message }): Verdict => ({
              severity: 'error',
              source: 'form',
              field: path.join('.'),
              message,
            }),
          )),
      ...assessment.verdicts,
    ];
    let objects: readonly Record<string, unknown>[] = [];
    // A name that is none is in paths of the cluster's API.
    if (form.success && offering && environment && namespace) {
      const resource: DesiredResource = {
        requestId: known?.id ?? randomUUID(),
        apiVersion: offering.apiVersion,
        kind: offering.kind,
        name: wanted.name,
        cluster: environment.cluster,
        namespace,
        environment: environment.name,
        system: wanted.system,
        owner: wanted.owner,
        requester: known?.requester ?? requester,
        ...(wanted.costCenter && { costCenter: wanted.costCenter }),
        parameters: wanted.parameters,
        ...(known?.adopted_uid && { adoptedUid: known.adopted_uid }),
      };
      const plan = await provisioner.plan(resource);
      recent.remember(resource, plan);
      objects = plan.objects;
      verdicts.push(...withoutRepeats(plan.verdicts, verdicts));
    }
    return {
      submittable: verdicts.every(({ severity }) => severity !== 'error'),
      objects: [...objects],
      verdicts,
      ...(cost && { cost }),
      approval,
      dependants: known
        ? [
            ...(await directory.dependantsOf(
              `resource:default/${entityNameOf(known)}`,
            )),
          ]
        : [],
      ...(environment && { cluster: environment.cluster }),
      ...(namespace && { namespace }),
      checkedAt: new Date().toISOString(),
    };
  }
}

/** What two have found out about the same field is said once. */
function withoutRepeats(
  found: readonly Verdict[],
  said: readonly Verdict[],
): Verdict[] {
  const fields = new Set(
    said.filter(({ severity }) => severity === 'error').map(v => v.field),
  );
  return found.filter(
    ({ field, source }) =>
      (source !== 'schema' && source !== 'conflict') ||
      field === undefined ||
      !fields.has(field),
  );
}
