import { z } from 'zod';
import { ForgeError } from '../ForgeError';
import { isFilePath } from '../git/checkNames';
import type { GitRepository } from '../git/GitRepository';
import type { NewCommit } from '../git/importCommits';
import type { TreeEntry } from '../git/parseGit';
import type { ForgeCall, ForgeRouter } from './ForgeRouter';
import { presentFileCommit } from './presentCommit';
import { presentContents } from './presentContents';

/** What is sent whole within JSON, in bytes; the rest of a bigger file is left out. */
const MAX_INLINE = 10 * 1024 * 1024;

const personSchema = z.object({
  name: z.string().optional(),
  email: z.string().optional(),
});

const commitFields = {
  message: z.string().optional(),
  branch: z.string().optional(),
  new_branch: z.string().optional(),
  author: personSchema.optional(),
  committer: personSchema.optional(),
  dates: z
    .object({
      author: z.iso.datetime({ offset: true }).optional(),
      committer: z.iso.datetime({ offset: true }).optional(),
    })
    .optional(),
};

const operationSchema = z.object({
  operation: z.enum(['create', 'update', 'upload', 'rename', 'delete'], 'In'),
  path: z.string(),
  content: z.string().optional(),
  sha: z.string().optional(),
  from_path: z.string().optional(),
});

const changeSchema = z.object({
  ...commitFields,
  files: z.array(operationSchema),
});

const fileSchema = z.object({
  ...commitFields,
  content: z.string(),
  sha: z.string().optional(),
  from_path: z.string().optional(),
});

const deleteSchema = z.object({ ...commitFields, sha: z.string('Required') });

type Operation = z.output<typeof operationSchema>;
type CommitFields = z.output<z.ZodObject<typeof commitFields>>;

/** Files: read them, and write one or many in a commit. @internal */
export function addContentRoutes(router: ForgeRouter): void {
  router
    .on('get', '/repos/:owner/:name/contents', call => read(call, ''))
    .on('get', '/repos/:owner/:name/contents/*', call => read(call, call.rest))
    .on('post', '/repos/:owner/:name/contents', async call => {
      const body = call.writable && call.body(changeSchema);
      const { files, rest } = await write(call, body, body.files);
      call.res
        .status(201)
        .json({ files: files.length > 0 ? files : null, ...rest });
    })
    .on('post', '/repos/:owner/:name/contents/*', call => {
      const body = call.writable && call.body(fileSchema);
      return writeOne(call, body, { ...body, operation: 'create' }, 201);
    })
    .on('put', '/repos/:owner/:name/contents/*', call => {
      const body = call.writable && call.body(fileSchema);
      // As with Gitea, a file without `sha` is a new one.
      return body.sha
        ? writeOne(call, body, { ...body, operation: 'update' }, 200)
        : writeOne(call, body, { ...body, operation: 'create' }, 201);
    })
    .on('delete', '/repos/:owner/:name/contents/*', call => {
      const body =
        call.writable &&
        call.body(
          // Gitea takes it from the query too, for clients that send no body.
          call.query('sha') && !call.req.body?.sha
            ? deleteSchema.extend({
                sha: z.string().default(call.query('sha')!),
              })
            : deleteSchema,
        );
      return writeOne(call, body, { ...body, operation: 'delete' }, 200);
    });
}

async function read(call: ForgeCall, path: string) {
  const { service, repository, git } = call;
  const ref = call.query('ref') ?? repository.defaultBranch;
  const commit = await call.resolve(ref);
  const clean = path.replace(/\/+$/, '');
  const refKind = await kindOf(git, ref);
  const present = async (entry: TreeEntry, at: string, content?: Buffer) => {
    const [last] = await git.log({ from: commit, path: at, limit: 1 });
    return presentContents(service, repository, entry, {
      path: at,
      ref,
      refKind,
      lastCommit: last ?? (await git.commit(commit)),
      content,
    });
  };
  if (clean !== '' && !isFilePath(clean)) {
    throw ForgeError.notFound();
  }
  const entry = clean === '' ? undefined : await git.entry(commit, clean);
  if (clean !== '' && !entry) {
    throw ForgeError.notFound();
  }
  if (entry && entry.type !== 'tree') {
    const inline = entry.type === 'blob' && (entry.size ?? 0) <= MAX_INLINE;
    call.res.json(
      await present(
        entry,
        clean,
        inline ? await git.blob(entry.sha) : undefined,
      ),
    );
    return;
  }
  const entries = (await git.tree(commit, clean)) ?? [];
  const items = [];
  // One after another: a folder with a hundred files must not start a hundred processes at once.
  for (const child of entries) {
    items.push(
      await present(child, clean ? `${clean}/${child.path}` : child.path),
    );
  }
  call.res.json(items);
}

async function writeOne(
  call: ForgeCall,
  fields: CommitFields,
  operation: Omit<Operation, 'path'>,
  status: number,
) {
  const { files, rest } = await write(call, fields, [
    { ...operation, path: call.rest },
  ]);
  call.res.status(status).json({ content: files[0] ?? null, ...rest });
}

async function write(
  call: ForgeCall,
  fields: CommitFields,
  operations: readonly Operation[],
) {
  const { service, repository, git, writer } = call;
  const source = fields.branch || repository.defaultBranch;
  const target = fields.new_branch || source;
  const base = await git.branchHead(source);
  const isEmpty = base === undefined && (await git.refs('heads')).length === 0;
  if (base === undefined && !isEmpty) {
    throw new ForgeError(
      404,
      `branch does not exist [repo_id: ${repository.id} name: ${source}]`,
    );
  }
  if (target !== source && (await git.branchHead(target))) {
    throw ForgeError.invalid(`branch already exists [name: ${target}]`);
  }
  const files: Record<string, Buffer | null> = {};
  for (const operation of operations) {
    await addOperation(git, base, operation, files);
  }
  const [sha] = await service.commit(repository, {
    branch: target,
    start: source,
    expected: target === source ? base : undefined,
    pusher: writer.login,
    commits: [createCommit(call, fields, operations, files)],
  });
  const commit = await git.commit(sha);
  const written = [];
  for (const { path, operation } of operations) {
    const entry =
      operation === 'delete' ? undefined : await git.entry(sha, path);
    if (entry) {
      written.push(
        presentContents(service, repository, entry, {
          path,
          ref: target,
          refKind: 'branch',
          lastCommit: commit,
          content: await git.blob(entry.sha),
        }),
      );
    }
  }
  return {
    files: written,
    rest: {
      commit: presentFileCommit(service, repository, commit),
      verification: {
        verified: false,
        reason: 'gpg.error.not_signed_commit',
        signature: '',
        signer: null,
        payload: '',
      },
    },
  };
}

async function addOperation(
  git: GitRepository,
  base: string | undefined,
  operation: Operation,
  files: Record<string, Buffer | null>,
) {
  const { path, sha } = operation;
  const source = operation.from_path || path;
  if (!isFilePath(path) || !isFilePath(source)) {
    throw ForgeError.invalid(
      `path contains a malformed path component [path: ${path}]`,
    );
  }
  const existing = base ? await git.entry(base, source) : undefined;
  if (operation.operation === 'create' && existing) {
    throw ForgeError.invalid(`repository file already exists [path: ${path}]`);
  }
  const needsFile = ['update', 'rename', 'delete'].includes(
    operation.operation,
  );
  if (needsFile && existing?.type !== 'blob') {
    throw new ForgeError(
      404,
      `object does not exist [id: , rel_path: ${source}]`,
    );
  }
  if (needsFile && sha && sha !== existing!.sha) {
    throw ForgeError.invalid(
      `sha does not match [given: ${sha}, expected: ${existing!.sha}]`,
    );
  }
  if (operation.operation === 'delete') {
    files[path] = null;
    return;
  }
  if (source !== path) {
    files[source] = null;
  }
  files[path] =
    operation.content === undefined && existing
      ? await git.blob(existing.sha)
      : decode(operation.content ?? '');
}

function createCommit(
  call: ForgeCall,
  fields: CommitFields,
  operations: readonly Operation[],
  files: Record<string, Buffer | null>,
): NewCommit {
  const { login, fullName, email } = call.writer;
  const self = { name: fullName || login, email };
  const author = { ...self, ...fields.author };
  const paths = operations.map(({ path }) => path).join(', ');
  const message = fields.message || `Update ${paths}`;
  return {
    message: message.endsWith('\n') ? message : `${message}\n`,
    author,
    committer: fields.committer ? { ...self, ...fields.committer } : author,
    date: fields.dates?.author ? new Date(fields.dates.author) : undefined,
    files,
  };
}

function decode(text: string): Buffer {
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text)) {
    throw ForgeError.invalid('illegal base64 data at input byte 0');
  }
  return Buffer.from(text, 'base64');
}

async function kindOf(git: GitRepository, ref: string): Promise<string> {
  if (await git.branchHead(ref)) {
    return 'branch';
  }
  return (await git.readRef(`refs/tags/${ref}`)) ? 'tag' : 'commit';
}
