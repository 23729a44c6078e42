/**
 * What a backend said of a refused call beside its message.
 *
 * @public
 */
export interface Refusal {
  /** Name of the permission that is missing. */
  readonly permission: string;
  /** Ref of the entity that it is missing for, if not for all. */
  readonly resource?: string;
  /** Refs of users and groups that can help, the nearest first. */
  readonly askWhom: readonly string[];
  /** Whether something was only to be read. */
  readonly isRead: boolean;
}

/**
 * Reads which permission is missing, and whom to ask for it.
 *
 * @param error - such as a ResponseError of `@backstage/errors`
 *
 * @returns Undefined if it is no refusal for want of a permission.
 *
 * @public
 */
export function refusalOf(error: unknown): Refusal | undefined {
  const { body } = (error ?? {}) as {
    body?: {
      error?: { permission?: unknown; resource?: unknown; askWhom?: unknown };
      request?: { method?: unknown };
    };
  };
  const { askWhom, permission, resource } = body?.error ?? {};
  return typeof permission === 'string'
    ? {
        permission,
        ...(typeof resource === 'string' && { resource }),
        askWhom: Array.isArray(askWhom)
          ? askWhom.filter(ref => typeof ref === 'string')
          : [],
        isRead: (body?.request?.method ?? 'GET') === 'GET',
      }
    : undefined;
}
