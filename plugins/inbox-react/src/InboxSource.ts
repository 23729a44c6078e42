import type { ApiHolder } from '@backstage/frontend-plugin-api';

/**
 * Something that a person or a team should look at.
 *
 * @public
 */
export interface InboxItem {
  /** Unique among the items of its source. */
  readonly id: string;
  readonly state: 'critical' | 'attention' | 'progressing';
  /** What is up, with what: 'order-service fails in production'. */
  readonly title: string;
  /** Why, in a sentence. */
  readonly detail?: string;
  /** RFC 3339. */
  readonly since?: string;
  /** A path in the portal, or an https address. */
  readonly link: string;
  /** What it is about, as a full entity ref. */
  readonly entityRef?: string;
  /** Of notifications only, '' if it has none: they are left out where a source says the same (see {@link InboxSource.topics}). */
  readonly topic?: string;
}

/**
 * Whose inbox it is: of the person who is signed in, or of one team.
 *
 * @public
 */
export type InboxAudience =
  | { readonly type: 'me' }
  | { readonly type: 'team'; readonly entityRef: string };

/**
 * What a source is asked.
 *
 * @public
 */
export interface InboxQuestion {
  readonly apis: ApiHolder;
  readonly audience: InboxAudience;
  /** Full entity refs: the team's own, or the person's and those of the person's groups. */
  readonly owners: readonly string[];
  /** More items than these are not shown. */
  readonly limit: number;
  readonly signal: AbortSignal;
}

/**
 * A part of what needs somebody, such as the failed deployments.
 *
 * @public
 */
export interface InboxSource {
  /** Unique among all sources, such as `delivery`. */
  readonly id: string;
  /** What its items are called in front of each: 'Delivery'. */
  readonly title: string;
  /** Topics of notifications that say the same: these are left out while this source answers. */
  readonly topics?: readonly string[];
  /**
   * Reads the items, the most urgent first if there are more than the limit.
   *
   * @throws Whatever went wrong; the other sources are shown without it. A refusal (403) counts as nothing to see.
   */
  readonly read: (question: InboxQuestion) => Promise<readonly InboxItem[]>;
}
