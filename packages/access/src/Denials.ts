import type {
  AuditorService,
  AuthService,
  BackstageCredentials,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import { isAudited } from '@waystone/plugin-audit-node';
import type { AttributedEventOptions } from '@waystone/plugin-audit-node';
import type { ErrorRequestHandler, Request, RequestHandler } from 'express';
import type { Helpers } from './Helpers';
import { PermissionDeniedError } from './PermissionDeniedError';
import { Repetitions } from './Repetitions';

/**
 * Completes refusals: whom to ask, and a note in the audit.
 *
 * @public
 */
export class Denials {
  readonly #auditor: AuditorService;
  readonly #auth: AuthService;
  readonly #helpers: Pick<Helpers, 'find'>;
  readonly #httpAuth: HttpAuthService;
  readonly #repetitions = new Repetitions();

  /** @internal */
  constructor(options: {
    readonly auditor: AuditorService;
    readonly auth: AuthService;
    readonly helpers: Pick<Helpers, 'find'>;
    readonly httpAuth: HttpAuthService;
  }) {
    this.#auditor = options.auditor;
    this.#auth = options.auth;
    this.#helpers = options.helpers;
    this.#httpAuth = options.httpAuth;
  }

  /** For the end of a plugin's routes: it takes the refusals of all that was added before. */
  get middleware(): RequestHandler {
    const handler: ErrorRequestHandler = (error: unknown, req, _res, next) => {
      if (!(error instanceof PermissionDeniedError)) {
        next(error);
        return;
      }
      this.#answer(error, req).then(
        () => next(error),
        () => next(error),
      );
    };
    // The router of plugins takes it, and its type does not know.
    return handler as unknown as RequestHandler;
  }

  /**
   * For what is refused elsewhere than in a route, such as in an action: the message of the error then says whom to ask.
   *
   * @returns The error itself.
   */
  async complete<E>(error: E, credentials: BackstageCredentials): Promise<E> {
    if (error instanceof PermissionDeniedError) {
      await this.#find(error, credentials);
      if (error.askWhom.length > 0) {
        error.message = `${error.message}. Ask ${error.askWhom.join(' or ')}`;
      }
    }
    return error;
  }

  /** For what is hidden rather than refused: it is noted all the same. */
  async note(
    denied: { readonly permission: string; readonly resource?: string },
    credentials: BackstageCredentials,
  ): Promise<void> {
    if (!this.#auth.isPrincipal(credentials, 'user')) {
      return;
    }
    await this.#note(denied, credentials.principal.userEntityRef);
  }

  async #answer(error: PermissionDeniedError, req: Request) {
    const credentials = await this.#httpAuth.credentials(req, {
      allow: ['user'],
    });
    await this.#find(error, credentials);
    // What a route has noted itself, with its own name, is not noted twice.
    if (!isAudited(error)) {
      await this.#note(error, credentials.principal.userEntityRef, req);
    }
  }

  async #find(error: PermissionDeniedError, credentials: BackstageCredentials) {
    error.askWhom = [
      ...new Set([
        ...error.askWhom,
        ...(await this.#helpers.find(error, credentials)),
      ]),
    ];
  }

  async #note(
    denied: { readonly permission: string; readonly resource?: string },
    actor: string,
    request?: Request,
  ) {
    const { permission, resource } = denied;
    const repeated = this.#repetitions.note(
      [actor, permission, resource].join(' '),
    );
    if (repeated === undefined) {
      return;
    }
    const options: AttributedEventOptions = {
      eventId: 'permission-denied',
      severityLevel: 'medium',
      actor,
      ...(request && { request }),
      meta: {
        permission,
        ...(resource && { resource }),
        ...(repeated > 0 && { repeated }),
      },
    };
    const event = await this.#auditor.createEvent(options);
    await event.fail({
      error:
        denied instanceof Error
          ? denied
          : new PermissionDeniedError({ name: permission }, { resource }),
    });
  }
}
