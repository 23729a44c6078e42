import { z } from 'zod';
import { ForgeError } from '../ForgeError';
import type { PullRecord } from '../state/schemas';
import type { ForgeCall, ForgeRouter } from './ForgeRouter';
import { mergePull } from './mergePull';
import { presentChangedFile, presentCommit } from './presentCommit';
import { isMergeable, presentPull } from './presentPull';

const createSchema = z.object({
  title: z.string().min(1, 'Required'),
  head: z.string(),
  base: z.string(),
  body: z.string().default(''),
});

const editSchema = z.object({
  title: z.string().min(1).optional(),
  body: z.string().optional(),
  state: z.enum(['open', 'closed']).optional(),
});

/** Pull requests between branches of one repository. @internal */
export function addPullRoutes(router: ForgeRouter): void {
  router
    .on('get', '/repos/:owner/:name/pulls', list)
    .on('post', '/repos/:owner/:name/pulls', create)
    .on('get', '/repos/:owner/:name/pulls/:number', async call => {
      const match = /^(\d+)\.(diff|patch)$/.exec(call.req.params.number);
      if (match) {
        call.req.params.number = match[1];
        const pull = findPull(call);
        call.res
          .type('text/plain')
          .send(await call.git.patch(pull.mergeBase, pull.headSha));
        return;
      }
      call.res.json(await presentPull(call, findPull(call)));
    })
    .on('patch', '/repos/:owner/:name/pulls/:number', edit)
    .on('get', '/repos/:owner/:name/pulls/:number/files', async call => {
      const pull = findPull(call);
      const changes = await call.git.diff(pull.mergeBase, pull.headSha);
      call.sendPage(changes, change =>
        presentChangedFile(call.service, call.repository, pull.headSha, change),
      );
    })
    .on('get', '/repos/:owner/:name/pulls/:number/commits', async call => {
      const pull = findPull(call);
      const range = { from: pull.headSha, exclude: pull.mergeBase };
      const { skip, limit } = call.page();
      const [commits, total] = await Promise.all([
        call.git.log({ ...range, skip, limit }),
        call.git.count(range),
      ]);
      call.sendItems(
        commits.map(commit =>
          presentCommit(call.service, call.repository, commit),
        ),
        total,
      );
    })
    .on('get', '/repos/:owner/:name/pulls/:number/merge', call => {
      if (!findPull(call).mergedAt) {
        throw ForgeError.notFound();
      }
      call.res.status(204).end();
    })
    .on('post', '/repos/:owner/:name/pulls/:number/merge', call =>
      mergePull(call, call.writable && findPull(call)),
    )
    .on('post', '/repos/:owner/:name/pulls/:number/update', update);
}

function findPull(call: ForgeCall): PullRecord {
  const pull = call.repository.pulls.find(
    ({ number }) => String(number) === call.req.params.number,
  );
  if (!pull) {
    throw ForgeError.notFound();
  }
  return pull;
}

async function list(call: ForgeCall) {
  const state = call.query('state') ?? 'open';
  const base = call.query('base_branch');
  const pulls = call.repository.pulls
    .filter(
      pull =>
        (state === 'all' || pull.state === state) &&
        (base === undefined || pull.base === base),
    )
    .reverse();
  const { skip, limit } = call.page();
  const items = [];
  for (const pull of pulls.slice(skip, skip + limit)) {
    items.push(await presentPull(call, pull));
  }
  call.sendItems(items, pulls.length);
}

async function create(call: ForgeCall) {
  const record = call.writable;
  const body = call.body(createSchema);
  const { owner, name } = record;
  // `owner:branch` and `owner/repo:branch` mean the same here, as there are no forks.
  const head = body.head.replace(
    new RegExp(`^${owner}(?:/${name.replaceAll('.', '\\.')})?:`),
    '',
  );
  const [headSha, baseSha] = await Promise.all([
    call.git.branchHead(head),
    call.git.branchHead(body.base),
  ]);
  if (!headSha || !baseSha) {
    throw ForgeError.notFound();
  }
  const same = record.pulls.find(
    pull =>
      pull.state === 'open' && pull.head === head && pull.base === body.base,
  );
  if (same) {
    throw new ForgeError(
      409,
      `pull request already exists for these targets [id: ${same.id}, issue_id: ${same.id}, head_repo_id: ${record.id}, base_repo_id: ${record.id}, head_branch: ${head}, base_branch: ${body.base}]`,
    );
  }
  const mergeBase = await call.git.mergeBase(baseSha, headSha);
  if (mergeBase === headSha || !mergeBase) {
    throw ForgeError.invalid(
      'Invalid PullRequest: There are no changes between the head and the base',
    );
  }
  const now = new Date().toISOString();
  const pull: PullRecord = {
    id: call.service.state.nextId(),
    number: record.nextNumber++,
    title: body.title,
    body: body.body,
    state: 'open',
    author: call.writer.login,
    head,
    base: body.base,
    headSha,
    baseSha,
    mergeBase,
    createdAt: now,
    updatedAt: now,
  };
  record.pulls.push(pull);
  call.service.state.save(record);
  call.service.startCheck(pull);
  call.res.status(201).json(await presentPull(call, pull));
}

async function edit(call: ForgeCall) {
  const record = call.writable;
  const pull = findPull(call);
  const body = call.body(editSchema);
  if (body.state && body.state !== pull.state) {
    if (pull.mergedAt) {
      throw new ForgeError(
        412,
        'cannot change state of this pull request, it was already merged',
      );
    }
    pull.state = body.state;
    pull.closedAt =
      body.state === 'closed' ? new Date().toISOString() : undefined;
  }
  pull.title = body.title ?? pull.title;
  pull.body = body.body ?? pull.body;
  pull.updatedAt = new Date().toISOString();
  call.service.state.save(record);
  call.res.status(201).json(await presentPull(call, pull));
}

/** Merges the base into the head. */
async function update(call: ForgeCall) {
  const record = call.writable;
  const pull = findPull(call);
  const { git, service, writer } = call;
  const base = await git.branchHead(pull.base);
  if (pull.state !== 'open' || !base) {
    throw ForgeError.invalid('The pull request is not open.');
  }
  if ((await git.mergeBase(base, pull.headSha)) === base) {
    call.res.status(200).end();
    return;
  }
  if (!(await isMergeable(call, pull))) {
    throw new ForgeError(409, 'merge failed because of conflict');
  }
  const { tree } = await git.merge(pull.headSha, base);
  const before = pull.headSha;
  const after = await git.writeCommit({
    tree,
    parents: [before, base],
    message: `Merge branch '${pull.base}' into ${pull.head}\n`,
    author: { name: writer.fullName || writer.login, email: writer.email },
  });
  const ref = `refs/heads/${pull.head}`;
  await git.updateRefs([{ ref, from: before, to: after }]);
  service.announce(record, [{ ref, before, after }], writer.login);
  call.res.status(200).end();
}
