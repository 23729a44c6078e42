import { z } from 'zod';
import { ForgeError } from '../ForgeError';
import { isRefName } from '../git/checkNames';
import { findOrganisation } from './accountRoutes';
import type { ForgeCall, ForgeRouter } from './ForgeRouter';
import { presentRepository } from './presentRepository';

const createSchema = z.object({
  name: z.string(),
  description: z.string().optional(),
  private: z.boolean().optional(),
  auto_init: z.boolean().optional(),
  default_branch: z.string().optional(),
});

const editSchema = z.object({
  description: z.string().optional(),
  website: z.string().optional(),
  private: z.boolean().optional(),
  archived: z.boolean().optional(),
  default_branch: z.string().optional(),
});

const topicsSchema = z.object({ topics: z.array(z.string()) });

const TOPIC = /^[a-z0-9][-.a-z0-9]{0,34}$/;

/** Repositories: make, find, change and remove. @internal */
export function addRepositoryRoutes(router: ForgeRouter): void {
  router
    .on('post', '/user/repos', call => create(call, call.writer.login))
    .on('post', '/orgs/:login/repos', call => {
      const { writer } = call;
      const { login } = findOrganisation(call, call.req.params.login);
      return writer && create(call, login);
    })
    .on('get', '/orgs/:login/repos', call => {
      const { login } = findOrganisation(call, call.req.params.login);
      list(call, record => record.owner === login);
    })
    .on('get', '/users/:login/repos', call => {
      const account = call.service.state.account(call.req.params.login);
      if (!account) {
        throw ForgeError.notFound();
      }
      list(call, record => record.owner === account.login);
    })
    .on('get', '/user/repos', call => {
      const { writer } = call;
      list(call, () => writer !== undefined);
    })
    .on('get', '/repos/search', search)
    .on('get', '/repositories/:id', call => {
      const record = visible(call).find(
        ({ id }) => String(id) === call.req.params.id,
      );
      if (!record) {
        throw ForgeError.notFound();
      }
      call.res.json(presentRepository(call.service, record));
    })
    .on('get', '/repos/:owner/:name', call => {
      call.res.json(presentRepository(call.service, call.repository));
    })
    .on('patch', '/repos/:owner/:name', edit)
    .on('delete', '/repos/:owner/:name', call => {
      if (call.writer) {
        call.service.state.removeRepository(call.repository);
        call.res.status(204).end();
      }
    })
    .on('get', '/repos/:owner/:name/topics', call => {
      call.res.json({ topics: call.repository.topics });
    })
    .on('put', '/repos/:owner/:name/topics', call => {
      setTopics(call, () => call.body(topicsSchema).topics);
    })
    .on('put', '/repos/:owner/:name/topics/:topic', call => {
      setTopics(call, topics => [
        ...new Set([...topics, call.req.params.topic]),
      ]);
    })
    .on('delete', '/repos/:owner/:name/topics/:topic', call => {
      setTopics(call, topics =>
        topics.filter(topic => topic !== call.req.params.topic),
      );
    });
}

async function create(call: ForgeCall, owner: string) {
  const body = call.body(createSchema);
  const record = await call.service.createRepository({
    owner,
    name: body.name,
    description: body.description,
    private: body.private,
    defaultBranch: body.default_branch || undefined,
  });
  if (body.auto_init) {
    const { login, fullName, email } = call.writer;
    await call.service.commit(record, {
      branch: record.defaultBranch,
      pusher: login,
      commits: [
        {
          message: 'Initial commit\n',
          author: { name: fullName || login, email },
          files: {
            'README.md': [`# ${record.name}`, record.description]
              .filter(Boolean)
              .join('\n\n'),
          },
        },
      ],
    });
  }
  call.res.status(201).json(presentRepository(call.service, record));
}

function visible(call: ForgeCall) {
  return call.service.state.repositories.filter(
    record => call.user || !record.private,
  );
}

type Record = ReturnType<typeof visible>[number];

function list(call: ForgeCall, belongs: (record: Record) => boolean) {
  call.sendPage(visible(call).filter(belongs), record =>
    presentRepository(call.service, record),
  );
}

function search(call: ForgeCall) {
  const words = (call.query('q') ?? '').toLowerCase();
  const topicOnly = call.query('topic') === 'true';
  const uid = call.query('uid');
  const owner = call.service.state.accounts.find(
    ({ id }) => String(id) === uid,
  )?.login;
  const found = visible(call).filter(
    record =>
      (uid === undefined || record.owner === owner) &&
      (topicOnly
        ? record.topics.includes(words)
        : `${record.owner}/${record.name}`.toLowerCase().includes(words) ||
          (call.query('includeDesc') === 'true' &&
            record.description.toLowerCase().includes(words))),
  );
  if (call.query('sort') === 'updated') {
    found.sort((a, b) => a.updatedAt.localeCompare(b.updatedAt));
  } else {
    found.sort((a, b) => a.name.localeCompare(b.name));
  }
  if (call.query('order') === 'desc') {
    found.reverse();
  }
  const { skip, limit } = call.page();
  call.setPaging(found.length);
  call.res.json({
    ok: true,
    data: found
      .slice(skip, skip + limit)
      .map(record => presentRepository(call.service, record)),
  });
}

async function edit(call: ForgeCall) {
  if (!call.writer) {
    return;
  }
  const record = call.repository;
  const body = call.body(editSchema);
  const branch = body.default_branch;
  if (branch !== undefined && branch !== record.defaultBranch) {
    if (!isRefName(branch) || !(await call.git.branchHead(branch))) {
      throw ForgeError.invalid(`branch does not exist [name: ${branch}]`);
    }
    await call.git.git.run(['symbolic-ref', 'HEAD', `refs/heads/${branch}`]);
    record.defaultBranch = branch;
  }
  record.description = body.description ?? record.description;
  record.website = body.website ?? record.website;
  record.private = body.private ?? record.private;
  record.archived = body.archived ?? record.archived;
  record.updatedAt = new Date().toISOString();
  call.service.state.save(record);
  call.res.json(presentRepository(call.service, record));
}

function setTopics(call: ForgeCall, change: (topics: string[]) => string[]) {
  const record = call.writable;
  const topics = change(record.topics);
  const invalid = topics.filter(topic => !TOPIC.test(topic));
  if (invalid.length > 0) {
    throw ForgeError.invalid(`Topic names are invalid: ${invalid.join(', ')}`);
  }
  record.topics = [...new Set(topics)];
  call.service.state.save(record);
  call.res.status(204).end();
}
