import express, { Router } from 'express';
import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { authenticate } from '../authenticate';
import { ForgeError } from '../ForgeError';
import type { ForgeService } from '../ForgeService';
import { GitRepository } from '../git/GitRepository';
import type { Account, RepositoryRecord } from '../state/schemas';

/** What a request's body may have at most. */
const MAX_JSON = '32mb';

/** What a page of a list has at most, and unless told otherwise. */
const MAX_PAGE = 50;
const DEFAULT_PAGE = 30;

/** One request to the REST API. @internal */
export class ForgeCall {
  readonly service: ForgeService;
  readonly req: Request;
  readonly res: Response;
  readonly user: Account | undefined;

  constructor(service: ForgeService, req: Request, res: Response) {
    this.service = service;
    this.req = req;
    this.res = res;
    this.user = authenticate(service, req);
  }

  /** Who writes; 401 if nobody signed in. */
  get writer(): Account {
    if (!this.user) {
      throw new ForgeError(401, 'token is required');
    }
    return this.user;
  }

  /** The repository of the path; 404 if it is not there or not for this reader. */
  get repository(): RepositoryRecord {
    const { owner, name } = this.req.params;
    const record = this.service.state.repository(owner, name);
    if (!record || (record.private && !this.user)) {
      throw ForgeError.notFound();
    }
    return record;
  }

  /** The repository of the path, to be changed. */
  get writable(): RepositoryRecord {
    const record = this.repository;
    const { writer } = this;
    if (record.archived && writer) {
      throw new ForgeError(423, 'This repository is archived.');
    }
    return record;
  }

  /** The Git side of the repository. */
  get git(): GitRepository {
    return this.service.git(this.repository);
  }

  /** What the `*` of the path stands for. */
  get rest(): string {
    return this.req.params[0] ?? '';
  }

  /** A parameter behind the question mark. */
  query(name: string): string | undefined {
    const value = this.req.query[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  }

  /** The body, checked; 422 with Gitea's words if it is not what it should be. */
  body<S extends z.ZodType>(schema: S): z.output<S> {
    const result = schema.safeParse(this.req.body ?? {});
    if (result.success) {
      return result.data;
    }
    const [issue] = result.error.issues;
    const field = issue.path.map(String).join('.');
    const missing =
      issue.code === 'invalid_type' && /received undefined/.test(issue.message);
    throw ForgeError.invalid(
      `[${field.charAt(0).toUpperCase()}${field.slice(1)}]: ${
        missing ? 'Required' : issue.message
      }`,
    );
  }

  /** The commit of a ref; 404 if there is none. */
  async resolve(ref: string): Promise<string> {
    const sha = await this.git.resolve(ref);
    if (!sha) {
      throw ForgeError.notFound();
    }
    return sha;
  }

  /** Which part of a list is asked for. */
  page(perPage = DEFAULT_PAGE, maximum = MAX_PAGE) {
    const limit = Math.min(
      positive(this.query('limit') ?? this.query('per_page')) ?? perPage,
      maximum,
    );
    const page = positive(this.query('page')) ?? 1;
    return { page, limit, skip: (page - 1) * limit };
  }

  /** Answers with one page of a list that is there as a whole. */
  sendPage<T>(items: readonly T[], present: (item: T) => unknown): void {
    const { skip, limit } = this.page();
    this.sendItems(items.slice(skip, skip + limit).map(present), items.length);
  }

  /** Answers with a page; `Link` and `X-Total-Count` say where it stands. */
  sendItems(items: readonly unknown[], total: number): void {
    this.setPaging(total);
    this.res.json(items);
  }

  setPaging(total: number): void {
    const { page, limit } = this.page();
    const last = Math.max(1, Math.ceil(total / limit));
    const links = [
      page < last && [page + 1, 'next'],
      page < last && [last, 'last'],
      page > 1 && [1, 'first'],
      page > 1 && [page - 1, 'prev'],
    ].filter(link => link !== false);
    this.res.setHeader('X-Total-Count', String(total));
    if (links.length > 0) {
      this.res.setHeader(
        'Link',
        links
          .map(([target, rel]) => {
            const url = new URL(this.req.originalUrl, this.service.context.url);
            url.searchParams.set('page', String(target));
            return `<${url}>; rel="${rel}"`;
          })
          .join(','),
      );
    }
  }
}

const parseJson = express.json({ limit: MAX_JSON, type: () => true });

const readBody: RequestHandler = (req, res, next) => {
  if (req.method === 'GET') {
    next();
    return;
  }
  parseJson(req, res, error => {
    if (!error) {
      next();
      return;
    }
    const status = (error as { status?: number }).status === 413 ? 413 : 422;
    next(
      new ForgeError(
        status,
        status === 413 ? 'The request is too large.' : 'The body is not JSON.',
      ),
    );
  });
};

/** Answers one request. @internal */
export type ForgeHandler = (call: ForgeCall) => Promise<void> | void;

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** Routes below `/api/v1`. @internal */
export class ForgeRouter {
  readonly router = Router();
  readonly #service: ForgeService;

  constructor(service: ForgeService) {
    this.#service = service;
  }

  on(method: Method, path: string, handle: ForgeHandler): this {
    this.router[method](path, readBody, async (req, res, next) => {
      try {
        await handle(new ForgeCall(this.#service, req, res));
      } catch (error) {
        next(error);
      }
    });
    return this;
  }
}

function positive(text: string | undefined): number | undefined {
  const value = Number(text);
  return text && Number.isInteger(value) && value > 0 ? value : undefined;
}
