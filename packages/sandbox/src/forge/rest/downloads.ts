import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import { ForgeError } from '../ForgeError';
import { isFilePath } from '../git/checkNames';
import type { GitRepository } from '../git/GitRepository';

/**
 * Sends a file as it is.
 *
 * @remarks
 * Never as something that a browser would run: text is plain text, all else is offered for download.
 *
 * @internal
 */
export async function sendRaw(
  res: Response,
  git: GitRepository,
  commit: string,
  path: string,
): Promise<void> {
  const entry = isFilePath(path) ? await git.entry(commit, path) : undefined;
  if (entry?.type !== 'blob') {
    throw ForgeError.notFound();
  }
  const etag = `"${entry.sha}"`;
  res.setHeader('ETag', etag);
  res.setHeader('Content-Security-Policy', "default-src 'none'; sandbox");
  if (res.req.headers['if-none-match'] === etag) {
    res.status(304).end();
    return;
  }
  const content = await git.blob(entry.sha);
  const isText = !content.subarray(0, 8_000).includes(0);
  res.type(isText ? 'text/plain' : 'application/octet-stream').send(content);
}

/**
 * Sends all files of a commit in one archive.
 *
 * @param name - the reference and the format, such as `main.tar.gz`
 * @internal
 */
export async function sendArchive(
  res: Response,
  git: GitRepository,
  repository: string,
  name: string,
): Promise<void> {
  const [, ref, format] = /^(.+)\.(tar\.gz|zip)$/.exec(name) ?? [];
  const commit = ref ? await git.resolve(ref) : undefined;
  if (!commit) {
    throw ForgeError.notFound();
  }
  const child = git.archive(commit, format as 'tar.gz' | 'zip', repository);
  child.stdin.end();
  child.stderr.resume();
  res.on('close', () => child.kill());
  res.attachment(`${repository}-${ref.replaceAll('/', '-')}.${format}`);
  res.type('application/octet-stream');
  await pipeline(child.stdout, res);
}
