import fs from 'node:fs/promises';
import path from 'node:path';
import { escapeText } from '../markdown/highlight/PygmentsEmitter';
import type { PageSummary } from '../page/RenderedPage';
import { hashOf } from '../page/renderPage';
import type { PageRenderer, PageToWrite } from '../pool/SiteRenderer';
import { joinDocuments } from '../search/searchDocuments';
import type { PageInfo, SitePlan } from './buildSite';
import type { CollectedSite } from './collectSite';
import { copyFiles } from './copyFiles';
import { outputPath, relativeUrl, siteUrl } from './pageUrls';
import type { SiteHistory } from './readSiteHistory';
import type { SiteOutput } from './SiteOutput';

const METADATA = 'techdocs_metadata.json';
const SEARCH_INDEX = 'search/search_index.json';

/** A site that has been rendered and is to be written. */
export interface WriteSiteInput {
  readonly site: CollectedSite;
  readonly pages: ReadonlyMap<string, PageSummary>;
  readonly plan: SitePlan;
  readonly pageInfo: readonly PageInfo[];
  readonly root: string;
  readonly renderer: PageRenderer;
  readonly linkFiles?: boolean;
  readonly etag?: string;
  readonly history?: SiteHistory;
}

/** Writes the files of a site: pages, what they show, the search index and the metadata, which comes last. */
export async function writeSite(
  job: string,
  output: SiteOutput,
  input: WriteSiteInput,
): Promise<void> {
  const { site, pages, plan, renderer } = input;
  const { config } = site;
  const { styleSheet } = plan;
  await Promise.all([
    writePages(job, output, input),
    copyFiles(job, site.files, {
      root: input.root,
      output,
      renderer,
      linkFiles: input.linkFiles,
    }),
    output.write(`assets/stylesheets/${styleSheet.name}`, styleSheet.text),
    writeSearchIndex(output, plan.pages, pages),
    writeRedirects(output, config),
    write404(output, config.siteName),
  ]);
  await output.write(METADATA, describeSite(output, input));
}

async function writePages(
  job: string,
  output: SiteOutput,
  { plan, renderer }: WriteSiteInput,
): Promise<void> {
  const keys = await renderer.write(
    job,
    {
      ...plan.context,
      outputDir: output.directory,
      keepPages: !output.knowsPublished,
    },
    plan.pages.map(page => {
      const published = output.publishedKey(page.output);
      return published === undefined ? page : { ...page, published };
    }),
  );
  for (const [file, key] of keys) output.add(file, key);
}

/** `techdocs_metadata.json`, by which TechDocs sees how old the pages are. */
function describeSite(
  output: SiteOutput,
  { site, pageInfo, etag, history }: WriteSiteInput,
): string {
  const { config } = site;
  return JSON.stringify({
    site_name: config.siteName,
    site_description: config.siteDescription ?? '',
    build_timestamp: Date.now(),
    files: [...output.files.keys()],
    ...(etag ? { etag } : {}),
    waystone: {
      pages: pageInfo.map(info => ({ ...info, ...history?.get(info.source) })),
      repositoryUrl: config.repositoryUrl,
    },
  });
}

async function writeSearchIndex(
  output: SiteOutput,
  toWrite: readonly PageToWrite[],
  pages: ReadonlyMap<string, PageSummary>,
): Promise<void> {
  const key = hashOf(
    toWrite
      .map(page =>
        [page.path, page.title, pages.get(page.path)!.hash].join('\0'),
      )
      .join('\n'),
  );
  if (!output.claim(SEARCH_INDEX, key)) return;
  const target = path.join(output.directory, SEARCH_INDEX);
  await fs.mkdir(path.dirname(target), { recursive: true });
  const config = JSON.stringify({
    indexing: 'full',
    lang: ['en'],
    min_search_length: 3,
    prebuild_index: false,
    separator: '[\\s\\-]+',
  });
  const docs = joinDocuments(
    toWrite.map(({ path: page, title }) => ({
      title,
      search: pages.get(page)!.search,
    })),
  );
  await fs.writeFile(
    target,
    Buffer.concat([
      Buffer.from(`{"config":${config},"docs":[`),
      docs,
      Buffer.from(']}'),
    ]),
  );
}

/** Pages of mkdocs-redirects: a refresh that the reader follows. */
async function writeRedirects(
  output: SiteOutput,
  config: CollectedSite['config'],
): Promise<void> {
  for (const [from, to] of config.redirects) {
    const source = path.posix.normalize(from);
    if (source.startsWith('..') || path.posix.isAbsolute(source)) continue;
    const url = siteUrl(source, config.directoryUrls);
    const [page, hash = ''] = to.split('#');
    const href = /^https?:\/\//i.test(to)
      ? to
      : `${relativeUrl(siteUrl(page, config.directoryUrls), url)}${
          hash && `#${hash}`
        }`;
    await output.write(
      outputPath(source, config.directoryUrls),
      `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Redirecting</title><meta http-equiv="refresh" content="0; url=${escapeText(
        href,
      )}"></head><body><a href="${escapeText(
        href,
      )}">This page has moved.</a></body></html>\n`,
    );
  }
}

async function write404(output: SiteOutput, siteName: string): Promise<void> {
  await output.write(
    '404.html',
    `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>${escapeText(
      siteName,
    )}</title></head><body><article class="md-content__inner md-typeset"><h1>There is no such page</h1></article></body></html>\n`,
  );
}
