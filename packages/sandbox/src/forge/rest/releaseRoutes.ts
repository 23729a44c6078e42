import { z } from 'zod';
import { ForgeError } from '../ForgeError';
import type { ReleaseRecord } from '../state/schemas';
import { createTag } from './branchRoutes';
import type { ForgeCall, ForgeRouter } from './ForgeRouter';
import { repositoryUrls } from './presentRepository';
import { presentUser } from './presentUser';

const createSchema = z.object({
  tag_name: z.string(),
  target_commitish: z.string().optional(),
  name: z.string().optional(),
  body: z.string().default(''),
  draft: z.boolean().default(false),
  prerelease: z.boolean().default(false),
});

/** Releases, without attached files. @internal */
export function addReleaseRoutes(router: ForgeRouter): void {
  router
    .on('get', '/repos/:owner/:name/releases', call => {
      call.sendPage([...call.repository.releases].reverse(), release =>
        presentRelease(call, release),
      );
    })
    .on('post', '/repos/:owner/:name/releases', create)
    .on('get', '/repos/:owner/:name/releases/latest', call =>
      send(
        call,
        call.repository.releases.findLast(
          ({ draft, prerelease }) => !draft && !prerelease,
        ),
      ),
    )
    .on('get', '/repos/:owner/:name/releases/tags/*', call =>
      send(
        call,
        call.repository.releases.find(({ tag }) => tag === call.rest),
      ),
    )
    .on('get', '/repos/:owner/:name/releases/:id', call =>
      send(
        call,
        call.repository.releases.find(
          ({ id }) => String(id) === call.req.params.id,
        ),
      ),
    );
}

async function create(call: ForgeCall) {
  const record = call.writable;
  const body = call.body(createSchema);
  if (record.releases.some(({ tag }) => tag === body.tag_name)) {
    throw new ForgeError(409, 'Release already exists');
  }
  const target = body.target_commitish || record.defaultBranch;
  if (!body.draft && !(await call.git.readRef(`refs/tags/${body.tag_name}`))) {
    await createTag(call, body.tag_name, target);
  }
  const release: ReleaseRecord = {
    id: call.service.state.nextId(),
    tag: body.tag_name,
    target,
    title: body.name ?? body.tag_name,
    body: body.body,
    draft: body.draft,
    prerelease: body.prerelease,
    author: call.writer.login,
    createdAt: new Date().toISOString(),
  };
  record.releases.push(release);
  call.service.state.save(record);
  call.res.status(201).json(presentRelease(call, release));
}

function send(call: ForgeCall, release: ReleaseRecord | undefined) {
  if (!release) {
    throw ForgeError.notFound();
  }
  call.res.json(presentRelease(call, release));
}

function presentRelease(call: ForgeCall, release: ReleaseRecord) {
  const { api, html } = repositoryUrls(call.service, call.repository);
  return {
    id: release.id,
    tag_name: release.tag,
    target_commitish: release.target,
    name: release.title,
    body: release.body,
    url: `${api}/releases/${release.id}`,
    html_url: `${html}/releases/tag/${release.tag}`,
    tarball_url: `${html}/archive/${release.tag}.tar.gz`,
    zipball_url: `${html}/archive/${release.tag}.zip`,
    draft: release.draft,
    prerelease: release.prerelease,
    created_at: release.createdAt,
    published_at: release.createdAt,
    author: presentUser(call.service, release.author),
    assets: [],
  };
}
