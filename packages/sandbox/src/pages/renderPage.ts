import { createHash } from 'node:crypto';
import { Html, html } from './html';
import { PAGE_STYLE } from './pageStyle';

const STYLE_HASH = createHash('sha256').update(PAGE_STYLE).digest('base64');

/** The mark: a standing stone. */
const LOGO_SHAPES = html`<path
    d="M8.6 23.5 9.4 8.2C9.6 5.4 11.7 3.4 14.3 3.8c2.6.4 4.4 2.4 4.7 5.1l1.6 14.6Z"
    fill="currentColor"
  />
  <path
    d="M3.5 24.5h21"
    stroke="currentColor"
    stroke-width="2"
    stroke-linecap="round"
  />`;

/**
 * The icon of the browser's tab.
 *
 * @internal
 */
export const FAVICON = html`<svg
  xmlns="http://www.w3.org/2000/svg"
  viewBox="0 0 28 28"
  fill="none"
  color="#2f7d6b"
>
  ${LOGO_SHAPES}
</svg>`.text;

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
            <svg viewBox="0 0 28 28" fill="none" aria-hidden="true">
              ${LOGO_SHAPES}</svg
            ><span>Waystone</span><span class="tag">Sandbox</span>
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
