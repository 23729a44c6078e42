/**
 * What is read of a ValidatingAdmissionPolicy. Its schema was checked when it was stored.
 *
 * @internal
 */
export interface AdmissionPolicySpec {
  readonly failurePolicy?: 'Fail' | 'Ignore';
  readonly paramKind?: unknown;
  readonly matchConstraints?: MatchResources;
  readonly matchConditions?: readonly {
    readonly name: string;
    readonly expression: string;
  }[];
  readonly variables?: readonly {
    readonly name: string;
    readonly expression: string;
  }[];
  readonly validations?: readonly AdmissionValidation[];
}

/** @internal */
export interface AdmissionValidation {
  readonly expression: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: string;
}

/** What is read of a ValidatingAdmissionPolicyBinding. @internal */
export interface AdmissionBindingSpec {
  readonly policyName?: string;
  readonly paramRef?: unknown;
  readonly matchResources?: MatchResources;
  readonly validationActions?: readonly ('Deny' | 'Warn' | 'Audit')[];
}

/** @internal */
export interface MatchResources {
  readonly namespaceSelector?: object;
  readonly objectSelector?: object;
  readonly resourceRules?: readonly ResourceRule[];
  readonly excludeResourceRules?: readonly ResourceRule[];
}

/** @internal */
export interface ResourceRule {
  readonly apiGroups?: readonly string[];
  readonly apiVersions?: readonly string[];
  readonly operations?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly scope?: '*' | 'Cluster' | 'Namespaced';
}

/** Where policies and their bindings are stored. @internal */
export const ADMISSION_POLICY =
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy';
/** @internal */
export const ADMISSION_BINDING =
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding';
