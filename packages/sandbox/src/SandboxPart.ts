import type { RequestHandler } from 'express';

/**
 * One upstream system that the sandbox stands in for, such as the OpenID provider.
 *
 * @remarks
 * A part lives in a folder of its own under `src/`, speaks the real system's wire protocol under
 * `path`, and knows nothing of the other parts.
 *
 * @public
 */
export interface SandboxPart {
  /** Where the part is mounted, for example `/oidc`. */
  readonly path: string;
  /** What it is, in two or three words. */
  readonly title: string;
  /** What it stands in for, in one sentence. */
  readonly summary: string;
  /** Answers every request below `path`. */
  readonly handler: RequestHandler;
}
