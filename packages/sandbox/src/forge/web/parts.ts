import { html } from '../../pages/html';
import type { Html } from '../../pages/html';
import { renderPage } from '../../pages/renderPage';
import type { GitCommit } from '../git/parseGit';
import type { WebCall } from './WebCall';

/** A link. @internal */
export function link(href: string, text: string): Html {
  return html`<a href="${href}">${text}</a>`;
}

/** A page about something in a repository, with the ways to its other pages. @internal */
export function renderRepositoryPage(
  call: WebCall,
  title: string,
  main: Html,
): string {
  const { record } = call;
  const full = `${record.owner}/${record.name}`;
  const branch = record.defaultBranch;
  return renderPage({
    title: title === full ? full : `${title} · ${full}`,
    main: html`<h1>${full}</h1>
      <p class="lead">
        ${record.description || 'A repository of the sandbox.'}
        ${record.private && 'Private.'}
      </p>
      <p>
        ${link(call.url('src', 'branch', branch), 'Files')} ·
        ${link(call.url('commits', 'branch', branch), 'Commits')} ·
        ${link(call.url('pulls'), 'Pull requests')} ·
        ${link(call.url('actions'), 'CI runs')} ·
        ${link(call.service.url, 'All repositories')}
      </p>
      ${main}`,
  });
}

/** Text as it is, in lines of its own. @internal */
export function preformatted(text: string): Html {
  return html`<div class="card">
    ${text.split('\n').map(line => html`<code>${line || ' '}</code><br />`)}
  </div>`;
}

/** Commits as a list. @internal */
export function commitList(call: WebCall, commits: readonly GitCommit[]): Html {
  return html`<ul class="cards">
    ${commits.map(
      commit => html`<li class="card">
        <h3>
          ${link(call.url('commit', commit.sha), firstLine(commit.message))}
        </h3>
        <p>
          ${commit.author.name} on ${readableTime(commit.author.date)} ·
          <code>${commit.sha.slice(0, 10)}</code>
        </p>
      </li>`,
    )}
  </ul>`;
}

/** The subject of a commit's message. @internal */
export function firstLine(message: string): string {
  return message.split('\n')[0] || '(no message)';
}

/** A time for people, in UTC. @internal */
export function readableTime(iso: string): string {
  return `${new Date(iso).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
