import { createHash } from 'node:crypto';
import { Html, html } from './html';
import { PAGE_STYLE } from './pageStyle';

const STYLE_HASH = createHash('sha256').update(PAGE_STYLE).digest('base64');

/** The portal's mark, as in packages/app: a standing stone with the sign of a path. */
const LOGO = html`<svg
  xmlns="http://www.w3.org/2000/svg"
  viewBox="0 0 32 32"
  aria-hidden="true"
>
  <path
    class="stone"
    fill="#2f7d6b"
    d="M10.2 6.1 16.6 2.4a2.4 2.4 0 0 1 2.7.2l4 3.3a3 3 0 0 1 1.1 2.1l1.2 17.2H6.6L8.7 8.3a3 3 0 0 1 1.5-2.2ZM3.5 26.6h25a1.6 1.6 0 0 1 0 3.2h-25a1.6 1.6 0 0 1 0-3.2Z"
  />
  <path
    class="path"
    fill="#fff"
    d="m16 9.2 5.2 5.4-1.7 1.7-2.3-2.4v7.7h-2.4v-7.7l-2.3 2.4-1.7-1.7Z"
  />
</svg>`;

/**
 * The icon of the browser's tab.
 *
 * @internal
 */
export const FAVICON = LOGO.text;

/**
 * The content security policy of the sandbox's own pages: no script, nothing from elsewhere, only our style sheet and icon.
 *
 * @param formTargets - origins that a form's answer may redirect to. Chromium applies `form-action` to the
 * whole chain of redirects after a submit, so the portal has to be among them.
 * @internal
 */
export function createContentSecurityPolicy(
  formTargets: readonly string[] = [],
): string {
  return [
    "default-src 'none'",
    "img-src 'self'",
    `style-src 'sha256-${STYLE_HASH}'`,
    `form-action ${["'self'", ...new Set(formTargets)].join(' ')}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}

/**
 * Renders a whole page.
 *
 * @internal
 */
export function renderPage(options: { title: string; main: Html }): string {
  // The style element holds the sheet and nothing else: its text is what the policy's hash is taken of.
  const style = new Html(`<style>${PAGE_STYLE}</style>`);
  return html`<!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${options.title} · Waystone sandbox</title>
        <link rel="icon" href="/favicon.svg" />
        ${style}
      </head>
      <body>
        <div class="page">
          <header class="brand">
            ${LOGO}<span>Waystone</span><span class="tag">Sandbox</span>
          </header>
          <main>${options.main}</main>
        </div>
      </body>
    </html>`.text;
}

/**
 * Renders a page that says one thing and offers one way on.
 *
 * @internal
 */
export function renderMessagePage(options: {
  title: string;
  text: string;
  detail?: string;
  link: { href: string; label: string };
}): string {
  const { title, text, detail, link } = options;
  return renderPage({
    title,
    main: html`<h1>${title}</h1>
      <p>${text}</p>
      ${detail !== undefined && html`<p class="lead">${detail}</p>`}
      <p class="actions">
        <a class="button" href="${link.href}">${link.label}</a>
      </p>`,
  });
}
