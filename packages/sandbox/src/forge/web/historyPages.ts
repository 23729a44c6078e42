import { html } from '../../pages/html';
import { renderPage } from '../../pages/renderPage';
import { ForgeError } from '../ForgeError';
import {
  commitList,
  firstLine,
  link,
  preformatted,
  readableTime,
  renderRepositoryPage,
} from './parts';
import type { WebCall } from './WebCall';

/** How many commits a page lists. */
const MAX_LISTED = 50;

/** What a page shows of a change at most, in characters. */
const MAX_PATCH = 100_000;

/** The repositories of an organisation, or all. @internal */
export function renderOwner(call: WebCall): string {
  const { service } = call;
  const { owner } = call.req.params;
  if (owner !== undefined && !service.state.account(owner)) {
    throw ForgeError.notFound();
  }
  const records = service.state.repositories
    .filter(
      record =>
        (owner === undefined ||
          record.owner.toLowerCase() === owner.toLowerCase()) &&
        call.canSee(record),
    )
    .sort((a, b) => a.name.localeCompare(b.name));
  return renderPage({
    title: owner ?? 'Repositories',
    main: html`<h1>${owner ?? 'Repositories'}</h1>
      <p class="lead">
        The sandbox's Git forge: real repositories, and a CI that is simulated.
      </p>
      <ul class="cards">
        ${records.map(
          record => html`<li class="card">
            <h3>
              ${link(
                `${service.url}/${record.owner}/${record.name}`,
                `${record.owner}/${record.name}`,
              )}
            </h3>
            <p>${record.description}</p>
          </li>`,
        )}
      </ul>`,
  });
}

/** The newest commits of a branch. @internal */
export async function renderCommits(call: WebCall): Promise<string> {
  const { ref, commit, path } = await call.resolvePath(call.rest);
  const commits = await call.git.log({
    from: commit,
    path: path || undefined,
    limit: MAX_LISTED,
  });
  return renderRepositoryPage(
    call,
    'Commits',
    html`<h2>Commits of ${path || ref}</h2>
      ${commitList(call, commits)}`,
  );
}

/** One commit and what it changed. @internal */
export async function renderCommit(call: WebCall): Promise<string> {
  const { git } = call;
  const sha = await git.resolve(call.req.params.sha);
  if (!sha) {
    throw ForgeError.notFound();
  }
  const commit = await git.commit(sha);
  const patch = await git.patch(commit.parents[0], sha);
  const statuses = call.record.statuses.filter(status => status.sha === sha);
  const newest = [
    ...new Map(statuses.map(status => [status.context, status])).values(),
  ];
  return renderRepositoryPage(
    call,
    firstLine(commit.message),
    html`<h2>${firstLine(commit.message)}</h2>
      <p>
        ${commit.author.name} on ${readableTime(commit.author.date)} ·
        <code>${sha}</code>
      </p>
      ${newest.map(
        status =>
          html`<p>
            ${status.context}: ${status.state}, ${status.description}
          </p>`,
      )}
      ${preformatted(patch.slice(0, MAX_PATCH).trimEnd())}`,
  );
}

/** The pull requests, newest first. @internal */
export function renderPulls(call: WebCall): string {
  const pulls = [...call.record.pulls].reverse();
  return renderRepositoryPage(
    call,
    'Pull requests',
    html`<h2>Pull requests</h2>
      ${pulls.length === 0 && html`<p>None yet.</p>`}
      <ul class="cards">
        ${pulls.map(
          pull => html`<li class="card">
            <h3>
              ${link(
                call.url('pulls', String(pull.number)),
                `#${pull.number} ${pull.title}`,
              )}
            </h3>
            <p>${pull.mergedAt ? 'merged' : pull.state}, by ${pull.author}</p>
          </li>`,
        )}
      </ul>`,
  );
}

/** One pull request with its commits and its change. @internal */
export async function renderPull(call: WebCall): Promise<string> {
  const { git, pull } = call;
  const [commits, patch] = await Promise.all([
    git.log({
      from: pull.headSha,
      exclude: pull.mergeBase,
      limit: MAX_LISTED,
    }),
    git.patch(pull.mergeBase, pull.headSha),
  ]);
  return renderRepositoryPage(
    call,
    `#${pull.number} ${pull.title}`,
    html`<h2>#${pull.number} ${pull.title}</h2>
      <p>
        ${pull.mergedAt ? `Merged by ${pull.mergedBy}` : pull.state}.
        ${pull.author} wants <code>${pull.head}</code> in
        <code>${pull.base}</code>.
      </p>
      ${pull.body !== '' && html`<p>${pull.body}</p>`}
      <h2>Commits</h2>
      ${commitList(call, commits)}
      <h2>Change</h2>
      ${preformatted(patch.slice(0, MAX_PATCH).trimEnd())}`,
  );
}
