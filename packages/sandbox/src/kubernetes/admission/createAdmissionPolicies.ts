import type {
  AdmissionPlugin,
  AdmissionRequest,
  KubernetesObject,
} from '../KubernetesCluster';
import type { ResourceRegistry } from '../resources/ResourceRegistry';
import { formatGroupResource } from '../resources/ResourceType';
import type { ResourceType } from '../resources/ResourceType';
import { StatusError } from '../StatusError';
import type { ObjectStore } from '../store/ObjectStore';
import { ADMISSION_BINDING, ADMISSION_POLICY } from './AdmissionPolicy';
import type {
  AdmissionBindingSpec,
  AdmissionPolicySpec,
  AdmissionValidation,
} from './AdmissionPolicy';
import { celProblemOf, readCelExpression, toCelValue } from './celExpressions';
import { matchesResources } from './matchesResources';
import type { AdmissionTarget } from './matchesResources';

/** Whom the cluster's own writes count for. */
const SERVER = { name: 'system:apiserver', groups: ['system:masters'] };

const CODES: Readonly<Record<string, number>> = {
  Unauthorized: 401,
  Forbidden: 403,
  RequestEntityTooLarge: 413,
};

interface Denial {
  readonly message: string;
  readonly reason: string;
}

/**
 * Judges writes by the ValidatingAdmissionPolicies of the cluster and their bindings.
 *
 * @remarks
 * The policies themselves are not judged, so that nobody locks a cluster for good.
 *
 * @internal
 */
export function createAdmissionPolicies(options: {
  readonly store: ObjectStore;
  readonly registry: ResourceRegistry;
}): AdmissionPlugin {
  const { registry, store } = options;
  const policies = store.table(ADMISSION_POLICY);
  const bindings = store.table(ADMISSION_BINDING);
  const namespaces = store.table('/Namespace');

  return request => {
    const object = (request.object ?? request.oldObject)!;
    const type = registry.findKind(object);
    if (!type || type.group === 'admissionregistration.k8s.io') {
      return [];
    }
    const target: AdmissionTarget = {
      request,
      type,
      namespaceObject:
        type.storageKind === '/Namespace'
          ? object
          : namespaces.get(object.metadata.namespace ?? ''),
    };
    const warnings: string[] = [];
    for (const binding of bindings.values()) {
      const bound = binding.spec as AdmissionBindingSpec;
      const policy = policies.get(bound.policyName ?? '');
      const spec = policy?.spec as AdmissionPolicySpec | undefined;
      if (
        spec &&
        matchesResources(spec.matchConstraints, target) &&
        matchesResources(bound.matchResources, target)
      ) {
        const [denial] = judge(spec, target);
        const actions = bound.validationActions ?? [];
        const names = [policy!.metadata.name!, binding.metadata.name!] as const;
        if (denial && actions.includes('Deny')) {
          throw refusal(denial, names, object, type);
        }
        if (denial && actions.includes('Warn')) {
          warnings.push(
            `Validation failed for ValidatingAdmissionPolicy '${names[0]}' with binding '${names[1]}': ${denial.message}`,
          );
        }
      }
    }
    return warnings;
  };
}

/** What a policy finds wrong with a write. */
function judge(spec: AdmissionPolicySpec, target: AdmissionTarget): Denial[] {
  const variables: Record<string, unknown> = {};
  const input = {
    object: toCelValue(target.request.object),
    oldObject: toCelValue(target.request.oldObject),
    namespaceObject: toCelValue(target.namespaceObject),
    request: toCelValue(describeRequest(target)),
    variables,
  };
  const failed = (error: unknown): Denial[] =>
    spec.failurePolicy === 'Ignore'
      ? []
      : [{ message: celProblemOf(error), reason: 'Invalid' }];
  try {
    const isMet = (spec.matchConditions ?? []).every(
      ({ expression }) => evaluate(expression, input) === true,
    );
    if (!isMet) {
      return [];
    }
  } catch (error) {
    return failed(error);
  }
  for (const { expression, name } of spec.variables ?? []) {
    try {
      variables[name] = evaluate(expression, input);
    } catch {
      // Whoever uses it fails for want of it.
    }
  }
  return (spec.validations ?? []).flatMap(validation => {
    try {
      return evaluate(validation.expression, input) === true
        ? []
        : [
            {
              message: messageOf(validation, input),
              reason: validation.reason ?? 'Invalid',
            },
          ];
    } catch (error) {
      return failed(error);
    }
  });
}

function evaluate(text: string, input: object): unknown {
  const expression = readCelExpression(text);
  if ('problem' in expression) {
    throw new Error(expression.problem);
  }
  return expression.evaluate(input);
}

function messageOf(validation: AdmissionValidation, input: object): string {
  try {
    const text =
      validation.messageExpression &&
      evaluate(validation.messageExpression, input);
    if (typeof text === 'string' && text.trim() && !text.includes('\n')) {
      return text.trim();
    }
  } catch {
    // Then what is written out has to do.
  }
  return (
    validation.message?.trim() ||
    `failed expression: ${validation.expression.trim()}`
  );
}

/** The `AdmissionRequest` that expressions see. */
function describeRequest({ request, type }: AdmissionTarget) {
  const { user = SERVER } = request;
  const { group, kind, plural, version } = type;
  const { metadata } = (request.object ?? request.oldObject)!;
  return {
    kind: { group, version, kind },
    resource: { group, version, resource: plural },
    subResource: request.subresource ?? '',
    requestKind: { group, version, kind },
    requestResource: { group, version, resource: plural },
    requestSubResource: request.subresource ?? '',
    name: metadata.name ?? '',
    namespace: metadata.namespace ?? '',
    operation: request.operation,
    userInfo: {
      username: user.name,
      groups: user.groups,
      uid: ('uid' in user && user.uid) || '',
      extra: {},
    },
    dryRun: request.dryRun,
  } satisfies Record<string, unknown> & Pick<AdmissionRequest, 'dryRun'>;
}

function refusal(
  denial: Denial,
  [policy, binding]: readonly [string, string],
  object: KubernetesObject,
  type: ResourceType,
): StatusError {
  const why = `ValidatingAdmissionPolicy '${policy}' with binding '${binding}' denied request: ${denial.message}`;
  const name = object.metadata.name ?? object.metadata.generateName ?? '';
  return new StatusError({
    code: CODES[denial.reason] ?? 422,
    reason: denial.reason,
    message: `${formatGroupResource(type)} "${name}" is forbidden: ${why}`,
    details: {
      name,
      ...(type.group && { group: type.group }),
      kind: type.plural,
      causes: [{ message: why }],
    },
  });
}
