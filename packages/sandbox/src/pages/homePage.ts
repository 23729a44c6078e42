import type { SandboxPart } from '../SandboxPart';
import { html } from './html';
import { renderPage } from './renderPage';

/**
 * The page at the sandbox's root: what this is, and what it stands in for.
 *
 * @internal
 */
export function renderHomePage(options: {
  parts: readonly SandboxPart[];
  portalUrl: string;
}): string {
  const { parts, portalUrl } = options;
  return renderPage({
    title: 'This is a sandbox',
    main: html`<h1>This is a sandbox</h1>
      <p class="lead">
        It stands in for the systems around Waystone in development, demos and
        tests. It holds example data only, lets anybody in without a password,
        and never runs in production.
      </p>
      <h2>What it stands in for</h2>
      <ul class="cards">
        ${parts.map(
          part => html`<li class="card">
            <h3>${part.title}</h3>
            <p>${part.summary} It answers under <code>${part.path}</code>.</p>
          </li>`,
        )}
      </ul>
      <p class="actions">
        <a class="button" href="${portalUrl}">Open the portal</a>
      </p>`,
  });
}
