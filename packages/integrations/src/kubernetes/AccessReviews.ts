import { LRUCache } from 'lru-cache';
import type { UpstreamHttp, UpstreamRequest } from '../core/UpstreamHttp';
import { accessReviewSchema } from './types';

const ALLOWED_KEPT_MS = 30_000;
// Who was just given a permission should not wait long for it.
const DENIED_KEPT_MS = 10_000;
const MOST_ENTRIES = 10_000;

/** What somebody wants to do. @public */
export interface ResourceAttributes {
  /** Such as `get`, `list`, `patch`, `delete`. */
  readonly verb: string;
  /** Empty for the core group. */
  readonly group?: string;
  /** Such as `deployments`. */
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** @public */
export interface AccessUser {
  readonly user: string;
  readonly groups?: readonly string[];
}

/** @public */
export interface AccessDecision {
  readonly allowed: boolean;
  /** What the cluster says about it, or why it could not be asked. */
  readonly reason?: string;
  /** The cluster could not be asked; the answer is then no. */
  readonly unknown?: boolean;
}

/**
 * Asks a cluster what is allowed.
 *
 * @internal
 */
export class AccessReviews {
  readonly #http: UpstreamHttp;
  readonly #decisions = new LRUCache<string, AccessDecision>({
    max: MOST_ENTRIES,
    ttl: ALLOWED_KEPT_MS,
  });
  readonly #asking = new Map<string, Promise<AccessDecision>>();

  constructor(http: UpstreamHttp) {
    this.#http = http;
  }

  /** @param user - Undefined asks for whoever makes the call. */
  async review(
    user: AccessUser | undefined,
    attributes: ResourceAttributes,
    headers?: UpstreamRequest['headers'],
  ): Promise<AccessDecision> {
    const key = JSON.stringify([
      user && [user.user, user.groups?.toSorted()],
      headers,
      attributes.verb,
      attributes.group,
      attributes.resource,
      attributes.subresource,
      attributes.namespace,
      attributes.name,
    ]);
    const known = this.#decisions.get(key) ?? this.#asking.get(key);
    if (known) {
      return known;
    }
    const asking = this.#ask(user, attributes, headers)
      .then(decision => {
        if (!decision.unknown) {
          this.#decisions.set(key, decision, {
            ttl: decision.allowed ? ALLOWED_KEPT_MS : DENIED_KEPT_MS,
          });
        }
        return decision;
      })
      .finally(() => this.#asking.delete(key));
    this.#asking.set(key, asking);
    return asking;
  }

  async #ask(
    user: AccessUser | undefined,
    attributes: ResourceAttributes,
    headers?: UpstreamRequest['headers'],
  ): Promise<AccessDecision> {
    const kind = user ? 'SubjectAccessReview' : 'SelfSubjectAccessReview';
    try {
      const { status } = await this.#http.json(
        {
          operation: 'review-access',
          method: 'POST',
          path: `/apis/authorization.k8s.io/v1/${kind.toLowerCase()}s`,
          body: {
            apiVersion: 'authorization.k8s.io/v1',
            kind,
            spec: {
              ...(user && { user: user.user, groups: user.groups }),
              resourceAttributes: attributes,
            },
          },
          headers,
          // It stores nothing.
          idempotent: true,
        },
        accessReviewSchema,
      );
      return {
        allowed: status.allowed && !status.denied,
        reason: status.reason || status.evaluationError || undefined,
      };
    } catch (error) {
      return {
        allowed: false,
        unknown: true,
        reason: error instanceof Error ? error.message : undefined,
      };
    }
  }
}
