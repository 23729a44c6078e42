import type { KubernetesObject } from '../KubernetesCluster';
import type { FieldError } from '../write/statusErrors';
import type {
  AdmissionBindingSpec,
  AdmissionPolicySpec,
} from './AdmissionPolicy';
import { readCelExpression } from './celExpressions';

/** Checks a ValidatingAdmissionPolicy: its rules, and that its expressions can be evaluated here. @internal */
export function validateAdmissionPolicy(
  object: KubernetesObject,
): readonly FieldError[] {
  const spec = (object.spec ?? {}) as AdmissionPolicySpec;
  const { matchConstraints, paramKind, validations = [] } = spec;
  const errors: FieldError[] = [];
  if (paramKind) {
    errors.push(notHere('spec.paramKind'));
  }
  if (!matchConstraints?.resourceRules?.length) {
    errors.push(required('spec.matchConstraints.resourceRules'));
  }
  matchConstraints?.resourceRules?.forEach(({ resources = [] }, index) => {
    const others = (pattern: string, those: (name: string) => boolean) =>
      resources.includes(pattern) &&
      resources.some(name => name !== pattern && those(name));
    const detail = others('*/*', () => true)
      ? "if '*/*' is present, must not specify other resources"
      : others('*', name => !name.includes('/')) &&
        "if '*' is present, must not specify other resources without subresources";
    if (detail) {
      errors.push({
        type: 'Invalid value',
        field: `spec.matchConstraints.resourceRules[${index}].resources`,
        value: resources,
        detail,
      });
    }
  });
  if (validations.length === 0) {
    errors.push(required('spec.validations'));
  }
  const parts = {
    matchConditions: spec.matchConditions ?? [],
    variables: spec.variables ?? [],
    validations,
  };
  for (const [part, entries] of Object.entries(parts)) {
    entries.forEach((entry, index) => {
      const { messageExpression } = entry as { messageExpression?: string };
      for (const [key, text] of Object.entries({
        expression: entry.expression,
        messageExpression,
      })) {
        const expression = text === undefined ? {} : readCelExpression(text);
        if ('problem' in expression) {
          errors.push({
            type: 'Invalid value',
            field: `spec.${part}[${index}].${key}`,
            value: text,
            detail: `compilation failed: ERROR: ${expression.problem}`,
          });
        }
      }
    });
  }
  return errors;
}

/** Checks a ValidatingAdmissionPolicyBinding. @internal */
export function validateAdmissionBinding(
  object: KubernetesObject,
): readonly FieldError[] {
  const { paramRef, policyName, validationActions } = (object.spec ??
    {}) as AdmissionBindingSpec;
  return [
    ...(policyName ? [] : [required('spec.policyName')]),
    ...(validationActions?.length ? [] : [required('spec.validationActions')]),
    ...(paramRef ? [notHere('spec.paramRef')] : []),
  ];
}

function required(field: string): FieldError {
  return { type: 'Required value', field, detail: '' };
}

function notHere(field: string): FieldError {
  return {
    type: 'Forbidden',
    field,
    detail: 'the sandbox has no policies with parameters',
  };
}
