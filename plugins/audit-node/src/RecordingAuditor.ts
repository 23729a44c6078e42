import { randomUUID } from 'node:crypto';
import type {
  AuditorService,
  AuditorServiceCreateEventOptions,
  AuditorServiceEvent,
  AuthService,
  HttpAuthService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import type { JsonObject } from '@backstage/types';
import type {
  AuditActorType,
  AuditOutcome,
} from '@waystone/plugin-audit-common';
import type { Request } from 'express';
import type { AuditTrail } from './AuditTrail';
import { findEntityRefs } from './findEntityRefs';
import { redactMeta } from './redactMeta';
import { redactText } from './redactText';
import type { SeverityLogLevels } from './readSeverityLogLevels';

/** Longer texts are cut. */
const LONGEST_URL = 1_000;
const LONGEST_MESSAGE = 2_000;
const LONGEST_NAME = 300;

/**
 * An event whose actor cannot be told from a request, because there is none, or because its credentials are new. The stock
 * auditor ignores what it does not know.
 *
 * @public
 */
export interface AttributedEventOptions
  extends AuditorServiceCreateEventOptions {
  /** Ref of a user. */
  readonly actor?: string;
}

/** What was told to a trail already. */
const audited = new WeakSet<Error>();

/**
 * Whether an error is the end of an audit event, so that whoever gets it next need not note it again.
 *
 * @public
 */
export function isAudited(error: Error): boolean {
  return audited.has(error);
}

interface Actor {
  readonly id?: string;
  readonly type: AuditActorType;
}

interface Ending {
  readonly outcome: AuditOutcome;
  readonly error?: Error;
  readonly meta?: JsonObject;
}

/** What {@link RecordingAuditor} needs. @public */
export interface RecordingAuditorOptions {
  readonly auth: AuthService;
  readonly httpAuth: HttpAuthService;
  readonly levels: SeverityLogLevels;
  readonly logger: LoggerService;
  readonly pluginId: string;
  readonly trail: AuditTrail;
}

/**
 * Writes the audit events of a plugin to the log, as the stock auditor does, and to the trail.
 *
 * @remarks
 * Unlike the stock one it never fails: an event of somebody who cannot be told from the request is
 * written without a name, since what is refused matters most. The log gets what was given, without
 * secrets; so does the trail.
 *
 * @public
 */
export class RecordingAuditor implements AuditorService {
  readonly #options: RecordingAuditorOptions;

  static create(options: RecordingAuditorOptions): RecordingAuditor {
    return new RecordingAuditor(options);
  }

  private constructor(options: RecordingAuditorOptions) {
    this.#options = options;
  }

  async createEvent(
    options: AttributedEventOptions,
  ): Promise<AuditorServiceEvent> {
    const { actor: named, request } = options;
    const action = randomUUID();
    const actor: Actor = named
      ? { id: named, type: 'user' }
      : await this.#identify(request);
    const write = (ending: Ending) => {
      try {
        this.#write(options, { action, actor, ending });
      } catch (error) {
        // What is being done must not fail because it cannot be told of.
        this.#options.logger.error(
          `The audit event ${options.eventId} could not be written`,
          error as Error,
        );
      }
    };
    write({ outcome: 'initiated' });
    return {
      success: async params => {
        write({ outcome: 'succeeded', meta: params?.meta });
      },
      fail: async params => {
        const { error } = params as { error?: Error };
        write({ outcome: 'failed', meta: params.meta, error });
        if (error) {
          audited.add(error);
        }
      },
    };
  }

  async #identify(request: Request | undefined): Promise<Actor> {
    const { auth, httpAuth } = this.#options;
    try {
      const credentials = request
        ? await httpAuth.credentials(request as Request<any>)
        : await auth.getOwnServiceCredentials();
      if (auth.isPrincipal(credentials, 'user')) {
        return { id: credentials.principal.userEntityRef, type: 'user' };
      }
      if (auth.isPrincipal(credentials, 'service')) {
        return { id: credentials.principal.subject, type: 'service' };
      }
    } catch {
      // Told from nothing: who is refused has no credentials, or bad ones.
    }
    return { type: 'unknown' };
  }

  #write(
    options: AuditorServiceCreateEventOptions,
    what: {
      readonly action: string;
      readonly actor: Actor;
      readonly ending: Ending;
    },
  ): void {
    const { levels, logger, pluginId, trail } = this.#options;
    const { eventId, request, severityLevel = 'low' } = options;
    const { action, actor, ending } = what;
    const given = { ...options.meta, ...ending.meta };
    const meta = Object.keys(given).length > 0 ? redactMeta(given) : undefined;
    const url = request && cut(request.originalUrl, LONGEST_URL);
    const userAgent = cut(request?.get('user-agent'), LONGEST_NAME);
    const error = ending.error && {
      name: cut(ending.error.name, 100) || 'Error',
      message: cut(ending.error.message, LONGEST_MESSAGE) ?? '',
    };
    logger[levels[severityLevel]](`${pluginId}.${eventId}`, {
      isAuditEvent: true,
      plugin: pluginId,
      eventId,
      severityLevel,
      status: ending.outcome,
      action,
      actor: {
        ...(actor.id && { actorId: actor.id }),
        ...(request && { ip: request.ip, hostname: request.hostname }),
        ...(userAgent && { userAgent }),
      },
      ...(request && url && { request: { url, method: request.method } }),
      ...(meta && { meta }),
      ...(error && { error }),
    });
    if (severityLevel === 'low' && ending.outcome === 'initiated') {
      // Of what is only looked at, that it was tried says nothing that its end does not say.
      return;
    }
    trail.record({
      key: randomUUID(),
      action,
      occurredAt: new Date(),
      plugin: pluginId,
      eventId: cut(eventId, 200) ?? '',
      severity: severityLevel,
      outcome: ending.outcome,
      actor: cut(actor.id?.toLocaleLowerCase('en-US'), LONGEST_NAME),
      actorType: actor.type,
      ip: cut(request?.ip, 100),
      userAgent,
      method: request?.method,
      url,
      requestId: cut(request?.get('x-request-id'), 100),
      entityRefs: findEntityRefs(meta),
      meta,
      error,
    });
  }
}

function cut(text: string | undefined, length: number): string | undefined {
  return text === undefined
    ? undefined
    : redactText(text.slice(0, 4 * length))
        .slice(0, length)
        .toWellFormed();
}
