import { NotAllowedError } from '@backstage/errors';

/**
 * Somebody lacks a permission. As a `NotAllowedError` it is answered with 403; `permission`, `resource` and `askWhom` become
 * fields of `error` in the answer.
 *
 * @public
 */
export class PermissionDeniedError extends NotAllowedError {
  readonly permission: string;
  /** What it is lacking for, if not for everything: an entity ref. */
  readonly resource?: string;
  /** Refs of the users and groups that can help, the nearest first. Routers leave it to {@link Denials}. */
  askWhom: readonly string[];

  constructor(
    permission: { readonly name: string },
    options: {
      readonly resource?: string;
      /** Who can help, if the caller knows it. */
      readonly askWhom?: readonly string[];
      /** Says more than that the permission is missing. */
      readonly message?: string;
    } = {},
  ) {
    const { askWhom = [], message, resource } = options;
    super(
      message ??
        `You lack the permission ${permission.name}${
          resource ? ` for ${resource}` : ''
        }`,
    );
    this.permission = permission.name;
    if (resource) {
      this.resource = resource;
    }
    this.askWhom = askWhom;
  }
}
