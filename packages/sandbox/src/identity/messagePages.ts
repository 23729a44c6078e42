import { Html, html } from '../pages/html';
import { renderMessagePage, renderPage } from '../pages/renderPage';

const BACK = 'Back to the portal';

/**
 * What a browser sees when the provider refuses a request that it must not answer to the client, such as one with a
 * wrong redirect address.
 *
 * @internal
 */
export function renderErrorPage(options: {
  error: string;
  description?: string;
  portalUrl: string;
}): string {
  const { error, description, portalUrl } = options;
  return renderMessagePage({
    title: 'Sign-in stopped',
    text: 'The sandbox cannot go on with this sign-in. Go back to the portal and start again.',
    detail: `${error}: ${description ?? 'no further detail'}`,
    link: { href: portalUrl, label: BACK },
  });
}

/**
 * For a sign-in page that was left open too long, used already, or belongs to another browser.
 *
 * @internal
 */
export function renderExpiredPage(options: { portalUrl: string }): string {
  return renderMessagePage({
    title: 'This sign-in has expired',
    text: 'It was left open for more than an hour, or used already. Go back to the portal and start again.',
    link: { href: options.portalUrl, label: BACK },
  });
}

/**
 * For a choice of somebody who is not among the people.
 *
 * @internal
 */
export function renderUnknownPersonPage(options: {
  portalUrl: string;
}): string {
  return renderMessagePage({
    title: 'No such person',
    text: 'The example organisation has nobody of that name. Go back to the portal and pick a person of the list.',
    link: { href: options.portalUrl, label: BACK },
  });
}

/**
 * Asks before signing out at the provider.
 *
 * @param options - `form` is the form, with its token, that oidc-provider wants submitted
 * @internal
 */
export function renderSignOutPage(options: { form: string }): string {
  return renderPage({
    title: 'Sign out',
    main: html`<h1>Sign out of the sandbox?</h1>
      <p>
        This ends the sandbox's session in this browser, and with it the
        portal's.
      </p>
      ${new Html(options.form)}
      <p class="actions">
        <button class="button" form="op.logoutForm" name="logout" value="yes">
          Sign out
        </button>
        <button class="button" form="op.logoutForm">Stay signed in</button>
      </p>`,
  });
}

/**
 * After signing out, when the client named no page of its own.
 *
 * @internal
 */
export function renderSignedOutPage(options: { portalUrl: string }): string {
  return renderMessagePage({
    title: 'Signed out',
    text: 'The sandbox has ended the session.',
    link: { href: options.portalUrl, label: BACK },
  });
}
