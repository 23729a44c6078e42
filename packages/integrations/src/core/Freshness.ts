/**
 * How current a piece of data is. Every read model hands it on, and the UI shows it.
 *
 * @public
 */
export interface Freshness {
  /** The system and instance it comes from, such as `argocd/main`. */
  readonly source: string;
  /** When the source last confirmed it, as an ISO 8601 time in UTC; undefined if it never did. */
  readonly observedAt?: string;
  /** Whether it may be out of date. */
  readonly stale: boolean;
  /** Why it is stale, in a sentence for people. */
  readonly reason?: string;
}
