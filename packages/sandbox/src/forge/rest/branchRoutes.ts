import { z } from 'zod';
import { ForgeError } from '../ForgeError';
import { isCommitId, isRefName } from '../git/checkNames';
import { NO_COMMIT } from '../git/GitRepository';
import type { ForgeCall, ForgeRouter } from './ForgeRouter';
import { presentBranch, presentTag } from './presentCommit';
import { repositoryUrls } from './presentRepository';

const createSchema = z.object({
  new_branch_name: z.string(),
  old_branch_name: z.string().optional(),
  old_ref_name: z.string().optional(),
});

const updateSchema = z.object({
  new_commit_id: z.string(),
  old_commit_id: z.string().optional(),
  force: z.boolean().optional(),
});

const tagSchema = z.object({
  tag_name: z.string(),
  target: z.string().optional(),
});

const protectionSchema = z.object({
  rule_name: z.string().optional(),
  branch_name: z.string().optional(),
});

/** Branches, their protection, tags and other refs. @internal */
export function addBranchRoutes(router: ForgeRouter): void {
  router
    .on('get', '/repos/:owner/:name/branches', listBranches)
    .on('get', '/repos/:owner/:name/branches/*', call =>
      sendBranch(call, call.rest, 200),
    )
    .on('post', '/repos/:owner/:name/branches', createBranch)
    .on('put', '/repos/:owner/:name/branches/*', moveBranch)
    .on('delete', '/repos/:owner/:name/branches/*', deleteBranch)
    .on('get', '/repos/:owner/:name/branch_protections', call => {
      call.res.json(call.repository.protectedBranches.map(presentProtection));
    })
    .on('post', '/repos/:owner/:name/branch_protections', call => {
      const record = call.writable;
      const body = call.body(protectionSchema);
      const name = body.rule_name || body.branch_name || '';
      if (!isRefName(name)) {
        throw ForgeError.invalid('[RuleName]: Required');
      }
      if (record.protectedBranches.includes(name)) {
        throw new ForgeError(403, 'Branch protection already exist');
      }
      record.protectedBranches.push(name);
      call.service.state.save(record);
      call.res.status(201).json(presentProtection(name));
    })
    .on('delete', '/repos/:owner/:name/branch_protections/*', call => {
      const record = call.writable;
      if (!record.protectedBranches.includes(call.rest)) {
        throw ForgeError.notFound();
      }
      record.protectedBranches = record.protectedBranches.filter(
        name => name !== call.rest,
      );
      call.service.state.save(record);
      call.res.status(204).end();
    })
    .on('get', '/repos/:owner/:name/tags', async call => {
      const { service, repository, git } = call;
      const tags = await git.refs('tags');
      call.sendPage(tags.reverse(), tag =>
        presentTag(service, repository, tag),
      );
    })
    .on('get', '/repos/:owner/:name/tags/*', call => sendTag(call, call.rest))
    .on('post', '/repos/:owner/:name/tags', async call => {
      const record = call.writable;
      const body = call.body(tagSchema);
      await createTag(call, body.tag_name, body.target ?? record.defaultBranch);
      call.res.status(201);
      await sendTag(call, body.tag_name);
    })
    .on('get', '/repos/:owner/:name/git/refs', call => sendRefs(call, ''))
    .on('get', '/repos/:owner/:name/git/refs/*', call =>
      sendRefs(call, call.rest),
    );
}

async function listBranches(call: ForgeCall) {
  const { service, repository, git } = call;
  const branches = await git.refs('heads');
  const { skip, limit } = call.page();
  const items = await Promise.all(
    branches
      .slice(skip, skip + limit)
      .map(async ({ name, commit }) =>
        presentBranch(service, repository, name, await git.commit(commit)),
      ),
  );
  if (branches.length > 0) {
    call.sendItems(items, branches.length);
  } else {
    // As Gitea does for a repository without commits.
    call.res.json(null);
  }
}

async function sendBranch(call: ForgeCall, name: string, status: number) {
  const { service, repository, git } = call;
  const head = await git.branchHead(name);
  if (!head) {
    throw ForgeError.notFound();
  }
  call.res
    .status(status)
    .json(presentBranch(service, repository, name, await git.commit(head)));
}

async function createBranch(call: ForgeCall) {
  const record = call.writable;
  const body = call.body(createSchema);
  const name = body.new_branch_name;
  if (!isRefName(name)) {
    throw ForgeError.invalid('[BranchName]: GitRefName');
  }
  const source =
    body.old_ref_name || body.old_branch_name || record.defaultBranch;
  const sha = await call.git.resolve(source);
  if (!sha) {
    throw new ForgeError(404, 'The old branch does not exist');
  }
  if (await call.git.branchHead(name)) {
    throw new ForgeError(409, 'The branch already exists.');
  }
  await changeRef(call, `refs/heads/${name}`, NO_COMMIT, sha);
  await sendBranch(call, name, 201);
}

/** Moves a branch to a commit, only forward unless forced. */
async function moveBranch(call: ForgeCall) {
  const record = call.writable;
  const body = call.body(updateSchema);
  const from = await call.git.branchHead(call.rest);
  if (!from) {
    throw ForgeError.notFound();
  }
  const to = isCommitId(body.new_commit_id)
    ? await call.git.resolve(body.new_commit_id)
    : undefined;
  if (!to) {
    throw new ForgeError(404, 'The commit does not exist.');
  }
  if (body.old_commit_id && body.old_commit_id !== from) {
    throw new ForgeError(409, `The branch is at ${from}.`);
  }
  const forward = (await call.git.mergeBase(from, to)) === from;
  if (
    !forward &&
    (!body.force || record.protectedBranches.includes(call.rest))
  ) {
    throw ForgeError.invalid('The update is not a fast-forward.');
  }
  await changeRef(call, `refs/heads/${call.rest}`, from, to);
  call.res.status(204).end();
}

async function deleteBranch(call: ForgeCall) {
  const record = call.writable;
  const name = call.rest;
  const head = await call.git.branchHead(name);
  if (!head) {
    throw ForgeError.notFound();
  }
  const isTarget = record.pulls.some(
    pull => pull.state === 'open' && pull.base === name,
  );
  if (name === record.defaultBranch || isTarget) {
    throw new ForgeError(
      403,
      'can not delete default or pull request target branch',
    );
  }
  if (record.protectedBranches.includes(name)) {
    throw new ForgeError(403, 'branch protected');
  }
  await changeRef(call, `refs/heads/${name}`, head, NO_COMMIT);
  call.res.status(204).end();
}

/** Makes a tag on the commit of a ref. @internal */
export async function createTag(
  call: ForgeCall,
  name: string,
  target: string,
): Promise<void> {
  if (!isRefName(name)) {
    throw ForgeError.invalid('[TagName]: GitRefName');
  }
  if (await call.git.readRef(`refs/tags/${name}`)) {
    throw new ForgeError(409, 'tag name already exists');
  }
  await changeRef(
    call,
    `refs/tags/${name}`,
    NO_COMMIT,
    await call.resolve(target),
  );
}

async function changeRef(
  call: ForgeCall,
  ref: string,
  before: string,
  after: string,
) {
  try {
    await call.git.updateRefs([{ ref, from: before, to: after }]);
  } catch {
    // Somebody was faster, or a branch is in the way: feature and feature/x cannot both be.
    throw new ForgeError(409, `The ref ${ref} cannot be changed.`);
  }
  call.service.announce(
    call.repository,
    [{ ref, before, after }],
    call.writer.login,
  );
}

async function sendTag(call: ForgeCall, name: string) {
  const tag = (await call.git.refs('tags')).find(ref => ref.name === name);
  if (!tag) {
    throw ForgeError.notFound();
  }
  call.res.json(presentTag(call.service, call.repository, tag));
}

async function sendRefs(call: ForgeCall, prefix: string) {
  const { service, repository, git } = call;
  const { api } = repositoryUrls(service, repository);
  const [heads, tags] = await Promise.all([
    git.refs('heads'),
    git.refs('tags'),
  ]);
  const refs = [
    ...heads.map(ref => ({ ...ref, full: `heads/${ref.name}` })),
    ...tags.map(ref => ({ ...ref, full: `tags/${ref.name}` })),
  ].filter(({ full }) => full === prefix || full.startsWith(prefix));
  if (prefix !== '' && refs.length === 0) {
    throw ForgeError.notFound();
  }
  call.res.json(
    refs.map(({ full, object, commit }) => ({
      ref: `refs/${full}`,
      url: `${api}/git/refs/${full}`,
      object: {
        type: object === commit ? 'commit' : 'tag',
        sha: object,
        url: `${api}/git/${object === commit ? 'commits' : 'tags'}/${object}`,
      },
    })),
  );
}

function presentProtection(name: string) {
  return {
    branch_name: name,
    rule_name: name,
    enable_push: true,
    enable_force_push: false,
    required_approvals: 0,
    enable_status_check: false,
    status_check_contexts: [],
    created_at: '1970-01-01T00:00:00Z',
    updated_at: '1970-01-01T00:00:00Z',
  };
}
