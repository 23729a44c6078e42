import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Readable } from 'node:stream';
import { Router } from 'express';
import type { Request, Response } from 'express';
import { authenticate } from '../authenticate';
import { ForgeError } from '../ForgeError';
import type { ForgeService } from '../ForgeService';
import { NO_COMMIT } from '../git/GitRepository';
import type { RepositoryRecord } from '../state/schemas';
import { encodePacket, readPushHead } from './packets';
import type { RefCommand } from './packets';

type Service = 'git-upload-pack' | 'git-receive-pack';

/** What a request may have at most, unpacked, in bytes. */
const MAX_BODY = 110 * 1024 * 1024;

/**
 * Git's smart HTTP protocol, versions 0 to 2, on the real git program.
 *
 * @internal
 */
export function createGitHttpRouter(service: ForgeService): Router {
  const router = Router();
  router.get('/:owner/:name/info/refs', (req, res) =>
    answer(res, async () => {
      const kind = req.query.service;
      if (kind !== 'git-upload-pack' && kind !== 'git-receive-pack') {
        throw new ForgeError(
          403,
          'Only the smart HTTP protocol is spoken here: use a newer git.',
        );
      }
      const { record } = open(req, res, kind);
      const { stdout } = await service
        .git(record)
        .git.run(
          [kind.slice(4), '--stateless-rpc', '--http-backend-info-refs', '.'],
          { env: protocolOf(req) },
        );
      noCache(res);
      res.setHeader('Content-Type', `application/x-${kind}-advertisement`);
      // Version 2 has no line that names the service.
      const isVersion2 = protocolOf(req).GIT_PROTOCOL?.includes('version=2');
      res.end(
        isVersion2 && kind === 'git-upload-pack'
          ? stdout
          : Buffer.concat([
              encodePacket(`# service=${kind}\n`),
              Buffer.from('0000'),
              stdout,
            ]),
      );
    }),
  );
  router.post('/:owner/:name/git-upload-pack', (req, res) =>
    answer(res, async () => {
      const { record } = open(req, res, 'git-upload-pack');
      await runService(req, res, record, 'git-upload-pack', bodyOf(req));
    }),
  );
  router.post('/:owner/:name/git-receive-pack', (req, res) =>
    answer(res, async () => {
      const { record, login } = open(req, res, 'git-receive-pack');
      const { commands, head, rest } = await readPushHead(bodyOf(req));
      const refusal = refuse(record, commands);
      if (refusal) {
        rest.resume();
        await sendRefusal(res, commands, refusal);
        return;
      }
      await runService(
        req,
        res,
        record,
        'git-receive-pack',
        Readable.from(join(head, rest)),
        // Before the client hears that it is done, so that it finds all that follows from it.
        () => announcePush(record, commands, login!),
      );
    }),
  );
  return router;

  function open(req: Request, res: Response, kind: Service) {
    const name = req.params.name.replace(/\.git$/i, '');
    const record = service.state.repository(req.params.owner, name);
    let login: string | undefined;
    try {
      login = authenticate(service, req)?.login;
    } catch (error) {
      challenge(res);
      throw error;
    }
    const needsUser =
      kind === 'git-receive-pack' || record === undefined || record.private;
    if (needsUser && login === undefined) {
      challenge(res);
      throw new ForgeError(401, 'Sign in with a user and a token.');
    }
    if (!record) {
      throw new ForgeError(404, 'Repository not found.');
    }
    if (kind === 'git-receive-pack' && record.archived) {
      throw new ForgeError(403, 'This repository is archived: read only.');
    }
    return { record, login };
  }

  async function runService(
    req: Request,
    res: Response,
    record: RepositoryRecord,
    kind: Service,
    body: Readable,
    beforeEnd = async () => {},
  ) {
    const child = service
      .git(record)
      .git.spawn([kind.slice(4), '--stateless-rpc', '.'], protocolOf(req));
    res.on('close', () => child.kill());
    const ended = new Promise(resolve => child.once('close', resolve));
    child.stderr.resume();
    child.stdin.on('error', () => {});
    noCache(res);
    res.setHeader('Content-Type', `application/x-${kind}-result`);
    let size = 0;
    body.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_BODY) {
        child.kill();
        req.destroy();
      }
    });
    await Promise.all([
      // A service that has heard enough closes its input: no failure of ours.
      pipeline(body, child.stdin).catch(() => {}),
      pipeline(child.stdout, res, { end: false }),
      ended,
    ]);
    await beforeEnd();
    res.end();
  }

  /** Compares with what is there now: git may have refused some of the commands. */
  async function announcePush(
    record: RepositoryRecord,
    commands: readonly RefCommand[],
    login: string,
  ) {
    const repository = service.git(record);
    const done = [];
    for (const command of commands) {
      const now = (await repository.readRef(command.ref)) ?? NO_COMMIT;
      const { ref, before, after } = command;
      if (now === after && now !== before) {
        done.push({ ref, before, after });
      }
    }
    if (done.length > 0) {
      service.announce(record, done, login);
    }
  }
}

/** Why the push as a whole is not for git to decide; undefined if it is. */
function refuse(
  record: RepositoryRecord,
  commands: readonly RefCommand[],
): string | undefined {
  return commands.some(
    ({ ref, after }) =>
      after === NO_COMMIT &&
      (ref === `refs/heads/${record.defaultBranch}` ||
        record.protectedBranches.some(name => ref === `refs/heads/${name}`)),
  )
    ? 'branch is protected from deletion'
    : undefined;
}

async function sendRefusal(
  res: Response,
  commands: readonly RefCommand[],
  reason: string,
) {
  const report = Buffer.concat([
    encodePacket('unpack ok\n'),
    ...commands.map(({ ref }) => encodePacket(`ng ${ref} ${reason}\n`)),
    Buffer.from('0000'),
  ]);
  noCache(res);
  res.setHeader('Content-Type', 'application/x-git-receive-pack-result');
  const sideband = commands[0]?.capabilities.includes('side-band-64k');
  res.end(
    sideband
      ? Buffer.concat([
          encodePacket(Buffer.concat([Buffer.from([1]), report])),
          Buffer.from('0000'),
        ])
      : report,
  );
}

async function answer(res: Response, work: () => Promise<void>) {
  try {
    await work();
  } catch (error) {
    if (res.headersSent) {
      res.destroy();
      return;
    }
    const status = error instanceof ForgeError ? error.status : 500;
    const message =
      error instanceof ForgeError ? error.message : 'The forge failed.';
    res.status(status).type('text/plain').send(`${message}\n`);
  }
}

function bodyOf(req: Request): Readable {
  return req.headers['content-encoding'] === 'gzip'
    ? // An error of the request ends the gunzip too, and with it the pipeline.
      req.on('error', () => {}).pipe(createGunzip())
    : req;
}

async function* join(head: Buffer, rest: Readable) {
  yield head;
  yield* rest;
}

function protocolOf(req: Request): Record<string, string> {
  const protocol = req.headers['git-protocol'];
  return typeof protocol === 'string' && /^[a-z0-9=:]+$/.test(protocol)
    ? { GIT_PROTOCOL: protocol }
    : {};
}

function challenge(res: Response) {
  res.setHeader('WWW-Authenticate', 'Basic realm="Gitea"');
}

function noCache(res: Response) {
  res.setHeader('Cache-Control', 'no-cache, max-age=0, must-revalidate');
}
