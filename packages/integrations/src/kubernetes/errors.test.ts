import { UpstreamError } from '../core/UpstreamError';
import { kubernetesFailureOf, parseKubernetesError } from './errors';

function parse(code: number, status: object) {
  const body = JSON.stringify({
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    code,
    ...status,
  });
  const failure = parseKubernetesError(code, 'application/json', body);
  const error = new UpstreamError({
    system: 'kubernetes',
    instance: 'main',
    operation: 'apply-deployment',
    status: code,
    ...failure,
  });
  return {
    code: error.code,
    message: error.message,
    failure: kubernetesFailureOf(error),
  };
}

describe('errors of a cluster', () => {
  it('name who owns fields', () => {
    expect(
      parse(409, {
        reason: 'Conflict',
        message: 'Apply failed with 2 conflicts',
        details: {
          causes: [
            {
              reason: 'FieldManagerConflict',
              message:
                'conflict with "kubectl-client-side-apply" using apps/v1 at 2026-01-01T00:00:00Z',
              field: '.spec.replicas',
            },
            {
              reason: 'FieldManagerConflict',
              message: 'conflict with "argocd-controller" using apps/v1',
              field: '.spec.template.spec.containers[name="main"].image',
            },
          ],
        },
      }),
    ).toEqual({
      code: 'conflict',
      message: expect.stringContaining(
        'kubectl-client-side-apply and argocd-controller own .spec.replicas, ',
      ),
      failure: {
        type: 'field-conflict',
        conflicts: [
          { field: '.spec.replicas', manager: 'kubectl-client-side-apply' },
          {
            field: '.spec.template.spec.containers[name="main"].image',
            manager: 'argocd-controller',
          },
        ],
      },
    });
  });

  it.each([
    [
      'Gatekeeper',
      403,
      'admission webhook "validation.gatekeeper.sh" denied the request: [must-have-owner] you must provide labels: {"owner"}\n[allowed-repos] container <main> has an invalid image repo <docker.io/x>',
      [
        {
          engine: 'gatekeeper',
          policy: 'must-have-owner',
          message: 'you must provide labels: {"owner"}',
        },
        {
          engine: 'gatekeeper',
          policy: 'allowed-repos',
          message: 'container <main> has an invalid image repo <docker.io/x>',
        },
      ],
    ],
    [
      'Kyverno',
      400,
      `admission webhook "validate.kyverno.svc-fail" denied the request: \n\nresource Deployment/orders/order-service was blocked due to the following policies \n\nrequire-labels:\n  check-for-labels: 'validation error: The label app is required. rule check-for-labels\n    failed at path /metadata/labels/app/'\nrestrict-registries:\n  autogen-validate: 'only registry.example.com'\n`,
      [
        {
          engine: 'kyverno',
          policy: 'require-labels',
          rule: 'check-for-labels',
          message:
            'validation error: The label app is required. rule check-for-labels failed at path /metadata/labels/app/',
        },
        {
          engine: 'kyverno',
          policy: 'restrict-registries',
          rule: 'autogen-validate',
          message: 'only registry.example.com',
        },
      ],
    ],
    [
      'a Kyverno policy in CEL',
      400,
      'admission webhook "vpol.validate.kyverno.svc-fail" denied the request: Policy check-env failed: label env must be prod',
      [
        {
          engine: 'kyverno',
          policy: 'check-env',
          message: 'label env must be prod',
        },
      ],
    ],
    [
      'a validating admission policy',
      422,
      `deployments.apps "x" is forbidden: ValidatingAdmissionPolicy 'replicas' with binding 'all' denied request: failed expression: object.spec.replicas <= 5`,
      [
        {
          engine: 'validating-admission-policy',
          policy: 'replicas',
          message: 'failed expression: object.spec.replicas <= 5',
        },
      ],
    ],
    [
      'Pod Security',
      403,
      'pods "x" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false',
      [
        {
          engine: 'pod-security',
          policy: 'restricted:latest',
          message: 'allowPrivilegeEscalation != false',
        },
      ],
    ],
    [
      'a quota',
      403,
      'pods "x" is forbidden: exceeded quota: team, requested: pods=1, used: pods=10, limited: pods=10',
      [
        {
          engine: 'quota',
          policy: 'team',
          message: 'requested: pods=1, used: pods=10, limited: pods=10',
        },
      ],
    ],
    [
      'any webhook',
      400,
      'admission webhook "guard.example.com" denied the request: not on Fridays',
      [
        {
          engine: 'webhook',
          policy: 'guard.example.com',
          message: 'not on Fridays',
        },
      ],
    ],
  ])('name the policies of %s', (_name, code, message, denials) => {
    expect(parse(code, { message })).toEqual({
      code: 'denied',
      message: expect.stringContaining('a policy forbids it: '),
      failure: { type: 'policy-denied', denials },
    });
  });

  it('keep their meaning', () => {
    expect(
      parse(410, {
        reason: 'Expired',
        message: 'The provided continue parameter is too old',
        metadata: { continue: 'next' },
      }),
    ).toMatchObject({
      code: 'expired',
      failure: { type: 'expired', continueToken: 'next' },
    });
    expect(
      parse(409, { reason: 'AlreadyExists', message: 'x already exists' }),
    ).toMatchObject({
      code: 'conflict',
      failure: { type: 'already-exists' },
    });
    expect(
      parse(403, { reason: 'Forbidden', message: 'pods is forbidden' }),
    ).toMatchObject({
      code: 'denied',
      failure: { type: 'other', reason: 'Forbidden' },
    });
    expect(
      parseKubernetesError(404, 'text/plain', '404 page not found\n'),
    ).toMatchObject({
      code: 'not-found',
      details: { type: 'kind-not-served' },
    });
    expect(
      parseKubernetesError(502, 'text/html', '<html>Bad gateway</html>'),
    ).toEqual({ code: 'unavailable', reason: 'it answered 502' });
    expect(kubernetesFailureOf(new Error('another'))).toBeUndefined();
  });
});
