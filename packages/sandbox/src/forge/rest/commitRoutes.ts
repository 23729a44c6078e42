import { z } from 'zod';
import { ForgeError } from '../ForgeError';
import { isCommitId, isFilePath } from '../git/checkNames';
import type { GitCommit } from '../git/parseGit';
import type { StatusRecord } from '../state/schemas';
import type { ForgeCall, ForgeRouter } from './ForgeRouter';
import { presentCommit } from './presentCommit';
import { presentRepository, repositoryUrls } from './presentRepository';
import { presentUser } from './presentUser';

const TREE_PAGE = 1_000;

/** How many commits a comparison shows at most. */
const MAX_COMPARED = 250;

const statusSchema = z.object({
  state: z.enum(['pending', 'success', 'error', 'failure', 'warning']),
  context: z.string().default('default'),
  description: z.string().default(''),
  target_url: z.string().default(''),
});

/** Commits, trees, blobs, comparisons and what is said of commits. @internal */
export function addCommitRoutes(router: ForgeRouter): void {
  router
    .on('get', '/repos/:owner/:name/commits', listCommits)
    .on('get', '/repos/:owner/:name/git/commits/*', async call => {
      const format = /^(.+)\.(diff|patch)$/.exec(call.rest);
      const sha = await call.resolve(format?.[1] ?? call.rest);
      const commit = await call.git.commit(sha);
      if (format) {
        call.res
          .type('text/plain')
          .send(await call.git.patch(commit.parents[0], sha));
        return;
      }
      call.res.json(await presentWhole(call, commit));
    })
    .on('get', '/repos/:owner/:name/commits/*', async call => {
      const [, ref, kind] = /^(.+)\/(status|statuses)$/.exec(call.rest) ?? [];
      if (kind === 'status') {
        await sendCombinedStatus(call, ref);
      } else if (kind === 'statuses') {
        await sendStatuses(call, ref);
      } else {
        throw ForgeError.notFound();
      }
    })
    .on('get', '/repos/:owner/:name/statuses/*', call =>
      sendStatuses(call, call.rest),
    )
    .on('post', '/repos/:owner/:name/statuses/:sha', createStatus)
    .on('get', '/repos/:owner/:name/git/trees/*', sendTree)
    .on('get', '/repos/:owner/:name/git/blobs/:sha', sendBlob)
    .on('get', '/repos/:owner/:name/compare/*', compare);
}

async function listCommits(call: ForgeCall) {
  const { git, repository, service } = call;
  const path = call.query('path');
  if (path !== undefined && !isFilePath(path)) {
    throw ForgeError.notFound();
  }
  if ((await git.refs('heads')).length === 0) {
    throw new ForgeError(409, 'Git Repository is empty.');
  }
  const from = await call.resolve(
    call.query('sha') ?? repository.defaultBranch,
  );
  const not = call.query('not');
  const exclude = not ? await call.resolve(not) : undefined;
  const { skip, limit } = call.page();
  const [commits, total] = await Promise.all([
    git.log({ from, exclude, path, skip, limit }),
    git.count({ from, exclude, path }),
  ]);
  // Files and figures take two processes a commit, so only who wants them gets them here.
  const detailed =
    call.query('stat') === 'true' || call.query('files') === 'true';
  const items = [];
  for (const commit of commits) {
    items.push(
      detailed
        ? await presentWhole(call, commit)
        : presentCommit(service, repository, commit),
    );
  }
  call.sendItems(items, total);
}

async function presentWhole(call: ForgeCall, commit: GitCommit) {
  return presentCommit(
    call.service,
    call.repository,
    commit,
    await call.git.diff(commit.parents[0], commit.sha),
  );
}

async function compare(call: ForgeCall) {
  const { git, repository, service } = call;
  const [, base, head] = /^(.+?)\.{2,3}(.+)$/.exec(call.rest) ?? [
    '',
    repository.defaultBranch,
    call.rest,
  ];
  const [from, to] = await Promise.all([
    call.resolve(base),
    call.resolve(head),
  ]);
  const range = { from: to, exclude: from };
  const [commits, total] = await Promise.all([
    git.log({ ...range, limit: MAX_COMPARED }),
    git.count(range),
  ]);
  call.res.json({
    total_commits: total,
    commits: commits.map(commit => presentCommit(service, repository, commit)),
  });
}

async function sendTree(call: ForgeCall) {
  const { git, repository, service, rest: ref } = call;
  const { api } = repositoryUrls(service, repository);
  const sha = (await git.resolve(ref)) ?? (isCommitId(ref) ? ref : undefined);
  const entries = sha
    ? await git.tree(
        sha,
        '',
        ['1', 'true'].includes(call.query('recursive') ?? ''),
      )
    : undefined;
  if (!sha || !entries) {
    throw new ForgeError(400, `sha not found [${ref}]`);
  }
  const { page, limit, skip } = call.page(TREE_PAGE, TREE_PAGE);
  call.res.json({
    sha,
    url: `${api}/git/trees/${sha}`,
    tree: entries.slice(skip, skip + limit).map(entry => ({
      path: entry.path,
      mode: entry.mode,
      type: entry.type,
      size: entry.size ?? 0,
      sha: entry.sha,
      url: `${api}/git/${entry.type === 'tree' ? 'trees' : 'blobs'}/${
        entry.sha
      }`,
    })),
    truncated: skip + limit < entries.length,
    page,
    total_count: entries.length,
  });
}

async function sendBlob(call: ForgeCall) {
  const { sha } = call.req.params;
  if (!isCommitId(sha)) {
    throw new ForgeError(400, `sha not found [${sha}]`);
  }
  const { api } = repositoryUrls(call.service, call.repository);
  const content = await call.git.blob(sha).catch(() => {
    throw new ForgeError(400, `sha not found [${sha}]`);
  });
  call.res.json({
    content: content.toString('base64'),
    encoding: 'base64',
    url: `${api}/git/blobs/${sha}`,
    sha,
    size: content.length,
  });
}

async function createStatus(call: ForgeCall) {
  const record = call.writable;
  const body = call.body(statusSchema);
  const sha = await call.resolve(call.req.params.sha);
  const status: StatusRecord = {
    id: call.service.state.nextId(),
    sha,
    state: body.state,
    context: body.context,
    description: body.description,
    targetUrl: body.target_url,
    creator: call.writer.login,
    createdAt: new Date().toISOString(),
  };
  record.statuses.push(status);
  call.service.state.save(record);
  call.res.status(201).json(presentStatus(call, status));
}

async function sendStatuses(call: ForgeCall, ref: string) {
  const sha = await call.resolve(ref);
  call.sendPage(
    call.repository.statuses.filter(status => status.sha === sha).reverse(),
    status => presentStatus(call, status),
  );
}

/** The worst of the newest status of each context. */
async function sendCombinedStatus(call: ForgeCall, ref: string) {
  const sha = await call.resolve(ref);
  const record = call.repository;
  const newest = new Map(
    record.statuses
      .filter(status => status.sha === sha)
      .map(status => [status.context, status]),
  );
  const statuses = [...newest.values()];
  const order = ['error', 'failure', 'warning', 'pending', 'success'] as const;
  const { api } = repositoryUrls(call.service, record);
  call.res.json({
    state:
      order.find(state => statuses.some(status => status.state === state)) ??
      'pending',
    sha,
    total_count: statuses.length,
    statuses:
      statuses.length > 0
        ? statuses.map(status => presentStatus(call, status))
        : null,
    repository: presentRepository(call.service, record),
    commit_url: `${api}/commits/${sha}`,
    url: `${api}/commits/${sha}/status`,
  });
}

function presentStatus(call: ForgeCall, status: StatusRecord) {
  const { api } = repositoryUrls(call.service, call.repository);
  return {
    id: status.id,
    status: status.state,
    target_url: status.targetUrl,
    description: status.description,
    url: `${api}/statuses/${status.sha}`,
    context: status.context,
    creator: presentUser(call.service, status.creator),
    created_at: status.createdAt,
    updated_at: status.createdAt,
  };
}
