import { html } from '../../pages/html';
import type { Html } from '../../pages/html';
import { ForgeError } from '../ForgeError';
import { isFilePath } from '../git/checkNames';
import type { TreeEntry } from '../git/parseGit';
import { link, preformatted, renderRepositoryPage } from './parts';
import type { WebCall } from './WebCall';

/** What a page shows of a file at most, in bytes. */
const MAX_SHOWN = 200_000;

/** The page of a repository: its files and its README. @internal */
export async function renderRepository(call: WebCall): Promise<string> {
  const { record, git } = call;
  const commit = await git.branchHead(record.defaultBranch);
  if (!commit) {
    return renderRepositoryPage(
      call,
      `${record.owner}/${record.name}`,
      html`<h2>Nothing here yet</h2>
        <p>Push a branch to <code>${call.url()}.git</code>.</p>`,
    );
  }
  const entries = (await git.tree(commit)) ?? [];
  const readme = entries.find(({ path }) => /^readme\.(?:md|txt)$/i.test(path));
  return renderRepositoryPage(
    call,
    `${record.owner}/${record.name}`,
    html`${folder(call, record.defaultBranch, '', entries)}
      ${readme && html`<h2>${readme.path}</h2>`}
      ${readme &&
      preformatted((await git.blob(readme.sha)).toString('utf8').trimEnd())}
      <h2>Clone</h2>
      <p><code>git clone ${call.url()}.git</code></p>`,
  );
}

/** The page of a folder or a file at a branch, a tag or a commit. @internal */
export async function renderSource(call: WebCall): Promise<string> {
  const { git } = call;
  const { ref, commit, path } = await call.resolvePath(call.rest);
  if (path !== '' && !isFilePath(path)) {
    throw ForgeError.notFound();
  }
  const entry = path === '' ? undefined : await git.entry(commit, path);
  if (path !== '' && !entry) {
    throw ForgeError.notFound();
  }
  const title = path || ref;
  if (!entry || entry.type === 'tree') {
    const entries = (await git.tree(commit, path)) ?? [];
    return renderRepositoryPage(
      call,
      title,
      html`<h2>${title}</h2>
        ${folder(call, ref, path, entries)}`,
    );
  }
  const content =
    entry.type === 'blob' ? await git.blob(entry.sha) : Buffer.alloc(0);
  const isShown =
    content.length <= MAX_SHOWN && !content.subarray(0, 8_000).includes(0);
  return renderRepositoryPage(
    call,
    title,
    html`<h2>${path}</h2>
      <p>
        ${content.length} bytes at ${ref} ·
        ${link(
          call.url('raw', call.req.params.kind, ref, path),
          'The file as it is',
        )}
      </p>
      ${isShown
        ? preformatted(content.toString('utf8').trimEnd())
        : html`<p>Too large, or not text.</p>`}`,
  );
}

function folder(
  call: WebCall,
  ref: string,
  path: string,
  entries: readonly TreeEntry[],
): Html {
  const kind = call.req.params.kind ?? 'branch';
  const sorted = [...entries].sort(
    (a, b) =>
      Number(b.type === 'tree') - Number(a.type === 'tree') ||
      a.path.localeCompare(b.path),
  );
  return html`<div class="card">
    ${sorted.map(
      entry =>
        html`${link(
            call.url('src', kind, ref, path, entry.path),
            entry.type === 'tree' ? `${entry.path}/` : entry.path,
          )}<br />`,
    )}
  </div>`;
}
