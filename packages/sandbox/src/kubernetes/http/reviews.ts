import { formatErrors } from '../access/checkAccess';
import type { ClusterUser, KubernetesObject } from '../KubernetesCluster';
import type { AccessAttributes, Authorizer } from '../access/Authorizer';
import type { Authenticator } from '../access/Authenticator';
import { badRequest } from '../write/statusErrors';

/** Answers a review of kind `kind`, which is created and not stored. */
export function answerReview(
  kind: string,
  review: KubernetesObject,
  options: {
    readonly user: ClusterUser;
    readonly namespace: string | undefined;
    readonly authorizer: Authorizer;
    readonly authenticator: Authenticator;
  },
): KubernetesObject {
  const { authenticator, authorizer, user } = options;
  const spec = review.spec ?? {};
  const answer = (status: object): KubernetesObject => ({
    ...review,
    metadata: review.metadata ?? {},
    spec,
    status,
  });
  switch (kind) {
    case 'SelfSubjectAccessReview':
      return answer(decide(authorizer, user, spec));
    case 'LocalSubjectAccessReview':
      if (spec.resourceAttributes?.namespace !== options.namespace) {
        throw badRequest(
          `spec.resourceAttributes.namespace must match namespace: ${options.namespace}`,
        );
      }
      return answer(decide(authorizer, readUser(spec), spec));
    case 'SubjectAccessReview':
      return answer(decide(authorizer, readUser(spec), spec));
    case 'SelfSubjectRulesReview':
      return answer(listRules(authorizer, user, spec.namespace));
    case 'SelfSubjectReview':
      return answer({ userInfo: describeUser(user) });
    default:
      return answer(reviewToken(authenticator, spec));
  }
}

function readUser(spec: any): ClusterUser {
  if (!spec.user && !spec.groups?.length) {
    throw badRequest('at least one of user or group must be specified');
  }
  return { name: spec.user ?? '', groups: spec.groups ?? [], uid: spec.uid };
}

function decide(authorizer: Authorizer, user: ClusterUser, spec: any) {
  if (
    Boolean(spec.resourceAttributes) === Boolean(spec.nonResourceAttributes)
  ) {
    throw badRequest(
      'exactly one of nonResourceAttributes or resourceAttributes must be specified',
    );
  }
  const wanted = spec.resourceAttributes ?? spec.nonResourceAttributes;
  const attributes: AccessAttributes = spec.nonResourceAttributes
    ? { verb: wanted.verb ?? '', path: wanted.path ?? '' }
    : {
        verb: wanted.verb ?? '',
        group: wanted.group ?? '',
        resource: wanted.resource ?? '',
        subresource: wanted.subresource || undefined,
        namespace: wanted.namespace || undefined,
        name: wanted.name || undefined,
      };
  const decision = authorizer.decide(user, attributes);
  const reason =
    decision.reason ||
    (decision.evaluationErrors.length > 0
      ? `RBAC: ${formatErrors(decision.evaluationErrors)}`
      : '');
  return {
    allowed: decision.allowed,
    ...(reason && { reason }),
  };
}

function listRules(
  authorizer: Authorizer,
  user: ClusterUser,
  namespace: string | undefined,
) {
  if (!namespace) {
    throw badRequest('no namespace on request');
  }
  const rules = authorizer.rulesOf(user, namespace);
  return {
    resourceRules: rules
      .filter(rule => rule.resources?.length)
      .map(({ verbs, apiGroups, resources, resourceNames }) => ({
        verbs,
        apiGroups,
        resources,
        ...(resourceNames?.length && { resourceNames }),
      })),
    nonResourceRules: rules
      .filter(rule => rule.nonResourceURLs?.length)
      .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
    incomplete: false,
  };
}

function reviewToken(authenticator: Authenticator, spec: any) {
  if (!spec.token) {
    throw badRequest('token is required for TokenReview in authentication');
  }
  const claims = authenticator.findClaims(spec.token);
  const user = authenticator.findUser(spec.token);
  const audiences: readonly string[] = spec.audiences ?? [];
  const matching = claims
    ? audiences.filter(audience => claims.audiences.includes(audience))
    : audiences;
  if (!user || (audiences.length > 0 && matching.length === 0)) {
    return {
      user: {},
      error: 'invalid bearer token',
    };
  }
  return {
    authenticated: true,
    user: describeUser(user),
    audiences: audiences.length > 0 ? matching : claims?.audiences ?? [],
  };
}

function describeUser(user: ClusterUser) {
  return {
    username: user.name,
    ...(user.uid !== undefined && { uid: user.uid }),
    groups: user.groups,
  };
}
