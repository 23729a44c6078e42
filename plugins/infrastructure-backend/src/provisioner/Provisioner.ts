import type {
  FieldChange,
  LiveState,
  Verdict,
} from '@waystone/plugin-infrastructure-common';

/** What is asked for, as an engine needs it. Its name in the cluster follows from it and nothing else. */
export interface DesiredResource {
  readonly requestId: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly environment: string;
  readonly system: string;
  readonly owner: string;
  readonly requester: string;
  readonly costCenter?: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Of what was there before and is taken over. */
  readonly adoptedUid?: string;
}

/** What would happen, without anything happening. */
export interface Plan {
  readonly objects: readonly Record<string, unknown>[];
  readonly verdicts: readonly Verdict[];
}

/** What is there. */
export interface Observation {
  readonly state: 'missing' | 'progressing' | 'ready' | 'deleting';
  /** What it waits for, in a sentence. */
  readonly reason?: string;
  /** What somebody else has changed. */
  readonly drift: readonly FieldChange[];
  /** Name of the Secret with its connection. */
  readonly connectionSecret?: string;
}

/** Something of this name is there that this request did not make. */
export class ForeignObjectError extends Error {
  constructor(kind: string, namespace: string, name: string) {
    super(
      `There is a ${kind} '${name}' in ${namespace} that was not requested here; choose another name`,
    );
    this.name = 'ForeignObjectError';
  }
}

/**
 * The engine behind an offering. Each call may be repeated: it does nothing more the second time.
 *
 * @public
 */
export interface Provisioner {
  plan(
    resource: DesiredResource,
    options?: { readonly signal?: AbortSignal },
  ): Promise<Plan>;
  /**
   * Makes it, or makes it as it is asked for.
   *
   * @throws ForeignObjectError; others' errors, of which `retryable` says whether it may help to try again.
   */
  apply(
    resource: DesiredResource,
  ): Promise<{ readonly changes: readonly FieldChange[] }>;
  observe(resource: DesiredResource): Promise<Observation>;
  /** @returns Whether it is gone. */
  delete(resource: DesiredResource): Promise<boolean>;
  /** What it consists of, and what blocks it. */
  describe(resource: DesiredResource): Promise<LiveState>;
}
