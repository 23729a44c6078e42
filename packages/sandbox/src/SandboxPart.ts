import type { RequestHandler } from 'express';

/**
 * One upstream system that the sandbox stands in for, such as the OpenID provider.
 *
 * @remarks
 * A part lives in a folder of its own under `src/` and speaks the real system's wire protocol under
 * `path`. It knows of other parts only what it is given when it is created.
 *
 * @public
 */
export interface SandboxPart {
  /** The name under which faults are set, such as `argocd`. */
  readonly name: string;
  /** Where the part is mounted, for example `/oidc`. */
  readonly path: string;
  /** What it is, in two or three words. */
  readonly title: string;
  /** What it stands in for, in one sentence. */
  readonly summary: string;
  /** Answers every request below `path`. No body parser and no timeout runs before it. */
  readonly handler: RequestHandler;
  /** An error in the words and the shape of the real system, for faults that somebody asked for. */
  renderError?(status: number, message: string): SandboxErrorAnswer;
  /** Starts work in the background, after all parts exist. */
  start?(): Promise<void>;
  /** Ends all work in the background and writes what has to survive. */
  stop?(): Promise<void>;
}

/**
 * An error as one of the real systems answers it.
 *
 * @public
 */
export interface SandboxErrorAnswer {
  readonly contentType: string;
  readonly body: string;
}
