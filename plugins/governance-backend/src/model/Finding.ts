import type { Severity } from '@waystone/plugin-governance-common';
import type { PlacedSubject } from './SubjectDirectory';

/**
 * What lists filter, group and sort by; the same for violations, vulnerabilities and misconfigurations.
 *
 * @remarks
 * There are many, so that what several share is one object, and what only an answer needs is made for the page.
 */
export interface Finding {
  readonly placed: PlacedSubject;
  readonly severity: Severity;
  /** Name of the policy, vulnerability or check. */
  readonly key: string;
  readonly title: string;
  readonly message: string;
  readonly fix?: string;
  readonly source: string;
  /** What distinguishes several of the same key: a rule, a package. */
  readonly detail: string;
  /** Under which it is remembered when it was found first. */
  readonly firstSeenKey: string;
  /** When it was found first, in ms. */
  readonly since: number;
  /** Where key, title, message and package come from, if several findings share them. */
  readonly sharedText?: object;
  /** Of vulnerabilities. */
  readonly package?: string;
  /** Whether there is a version without it. */
  readonly fixable?: boolean;
  readonly url?: string;
  readonly score?: number;
}

/** A kind of finding. */
export type FindingType = 'violation' | 'vulnerability' | 'misconfiguration';

/** Tells when something was found first. */
export interface FirstSeen {
  /** In ms; now if it is new. */
  get(type: FindingType, subject: string, finding: string): number;
}
