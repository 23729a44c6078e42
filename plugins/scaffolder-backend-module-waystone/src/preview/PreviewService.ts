import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { TemplateEntityV1beta3 } from '@backstage/plugin-scaffolder-common';
import type { ScaffolderService } from '@backstage/plugin-scaffolder-node';
import type { JsonObject } from '@backstage/types';
import type { Preview, Verdict } from '@waystone/plugin-golden-paths-common';
import {
  INFRASTRUCTURE_FILE,
  plannedSchema,
} from '../actions/createInfrastructureRequestAction';
import type { InfrastructureRequests } from '../infrastructure/InfrastructureRequests';
import { messageOf } from '../infrastructure/messageOf';
import type { ManifestChecker } from './ManifestChecker';
import type { TemplateFiles } from './TemplateFiles';

/** What is longer is named and not shown. */
const MOST_CHARACTERS = 100_000;

/** Says what a run of a template in the catalog would make. */
export class PreviewService {
  readonly #catalog: CatalogService;
  readonly #checker: ManifestChecker;
  readonly #files: TemplateFiles;
  readonly #requests: InfrastructureRequests;
  readonly #scaffolder: Pick<ScaffolderService, 'dryRun'>;

  constructor(options: {
    readonly catalog: CatalogService;
    readonly checker: ManifestChecker;
    readonly files: TemplateFiles;
    readonly requests: InfrastructureRequests;
    readonly scaffolder: Pick<ScaffolderService, 'dryRun'>;
  }) {
    this.#catalog = options.catalog;
    this.#checker = options.checker;
    this.#files = options.files;
    this.#requests = options.requests;
    this.#scaffolder = options.scaffolder;
  }

  /** @throws NotFoundError if there is no such template, or it is not for this person */
  async preview(
    wanted: { readonly templateRef: string; readonly values: JsonObject },
    credentials: BackstageCredentials,
  ): Promise<Preview> {
    const { templateRef, values } = wanted;
    const template = (await this.#catalog.getEntityByRef(templateRef, {
      credentials,
    })) as TemplateEntityV1beta3 | undefined;
    if (template?.kind !== 'Template') {
      throw new NotFoundError(`There is no template '${templateRef}'`);
    }
    const directoryContents = await this.#files.read(template);
    let contents;
    try {
      ({ directoryContents: contents } = await this.#scaffolder.dryRun(
        { template, values, directoryContents },
        { credentials },
      ));
    } catch (error) {
      return {
        problem: messageOf(error),
        files: [],
        verdicts: [],
        infrastructure: [],
      };
    }
    const files = contents
      .map(({ path, base64Content }) => ({
        path,
        content: Buffer.from(base64Content, 'base64'),
      }))
      // They come as the disk has them: the same values shall give the same preview
      .sort((a, b) => (a.path < b.path ? -1 : 1));
    const planned = files.find(({ path }) => path === INFRASTRUCTURE_FILE);
    const shown = files.filter(file => file !== planned);
    const [verdicts, infrastructure] = await Promise.all([
      this.#checker.check(shown),
      this.#assess(planned?.content, credentials),
    ]);
    return {
      files: shown.map(({ path, content }) => ({
        path,
        bytes: content.length,
        ...(isText(content) && { text: content.toString('utf8') }),
      })),
      verdicts: [...verdicts, ...infrastructure.verdicts],
      infrastructure: infrastructure.lines,
    };
  }

  async #assess(
    planned: Buffer | undefined,
    credentials: BackstageCredentials,
  ): Promise<{ verdicts: Verdict[]; lines: Preview['infrastructure'] }> {
    const orders = planned
      ? plannedSchema.parse(JSON.parse(planned.toString('utf8')))
      : [];
    const assessed = await Promise.all(
      orders.map(async order => {
        const { environment, kind, name } = order;
        const line = { environment, kind, name };
        try {
          const { approval, cost, verdicts } = await this.#requests.preview(
            order,
            { credentials },
          );
          return {
            line: {
              ...line,
              ...(cost && { monthly: cost.monthly, currency: cost.currency }),
              ...(approval.required && {
                approval: approval.reasons.join('. '),
              }),
            },
            verdicts: verdicts.map(
              ({ message, severity }): Verdict => ({
                severity: severity === 'error' ? 'error' : 'warning',
                source: `${name} in ${environment}`,
                message,
              }),
            ),
          };
        } catch (error) {
          return {
            line,
            verdicts: [
              {
                severity: 'warning' as const,
                source: `${name} in ${environment}`,
                message: messageOf(error),
              },
            ],
          };
        }
      }),
    );
    return {
      lines: assessed.map(({ line }) => line),
      verdicts: assessed.flatMap(({ verdicts }) => verdicts),
    };
  }
}

function isText(content: Buffer): boolean {
  return content.length <= MOST_CHARACTERS && !content.includes(0);
}
