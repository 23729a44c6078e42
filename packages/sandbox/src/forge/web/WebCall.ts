import type { Request, Response } from 'express';
import { authenticate } from '../authenticate';
import { ForgeError } from '../ForgeError';
import type { ForgeService } from '../ForgeService';
import type { GitRepository } from '../git/GitRepository';
import type { PullRecord, RepositoryRecord } from '../state/schemas';

/** One request for a page. @internal */
export class WebCall {
  readonly service: ForgeService;
  readonly req: Request;
  readonly res: Response;

  constructor(service: ForgeService, req: Request, res: Response) {
    this.service = service;
    this.req = req;
    this.res = res;
  }

  /** What the `*` of the path stands for. */
  get rest(): string {
    return this.req.params[0] ?? '';
  }

  /** Whether the record may be seen by whoever asks. */
  canSee(record: RepositoryRecord): boolean {
    return (
      !record.private || authenticate(this.service, this.req) !== undefined
    );
  }

  /** The repository of the path. */
  get record(): RepositoryRecord {
    const { owner, name } = this.req.params;
    const record = this.service.state.repository(owner, name);
    if (!record || !this.canSee(record)) {
      throw ForgeError.notFound();
    }
    return record;
  }

  /** The pull request of the path. */
  get pull(): PullRecord {
    const pull = this.record.pulls.find(
      ({ number }) => String(number) === this.req.params.number,
    );
    if (!pull) {
      throw ForgeError.notFound();
    }
    return pull;
  }

  get git(): GitRepository {
    return this.service.git(this.record);
  }

  /** The address of something in this repository; the parts are encoded. */
  url(...parts: readonly string[]): string {
    const { owner, name } = this.record;
    return [
      this.service.url,
      ...[owner, name, ...parts.flatMap(part => part.split('/'))]
        .filter(Boolean)
        .map(encodeURIComponent),
    ].join('/');
  }

  /** Divides `feature/x/src/file` into the longest ref that there is and the path behind it. */
  async resolvePath(
    text: string,
  ): Promise<{ ref: string; commit: string; path: string }> {
    const parts = text.split('/').filter(Boolean);
    for (let length = 1; length <= Math.min(parts.length, 8); length++) {
      const ref = parts.slice(0, length).join('/');
      const commit = await this.git.resolve(ref);
      if (commit) {
        return { ref, commit, path: parts.slice(length).join('/') };
      }
    }
    throw ForgeError.notFound();
  }
}
