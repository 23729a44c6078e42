import path from 'node:path';
import fs from 'node:fs/promises';
import {
  buildSite,
  readSiteHistory,
  SiteRenderer,
} from '@waystone/docs-renderer';
import { UsageError, type Command } from '../Command';
import { readArguments } from '../readArguments';
import { formatForPeople } from './formatProblems';
import { KROKI_HELP, KrokiDrawer } from './KrokiDrawer';

/** `waystone docs build`: the pages that the portal would make, for a publisher in CI. */
export const docsBuild: Command = {
  path: ['docs', 'build'],
  summary: 'Writes the pages of a docs folder, ready to be published.',
  help: `Usage: waystone docs build [folder] [options]

  folder              folder of mkdocs.yml, or one that has docs/. Default: this one
  --output <folder>   where the pages go; it must be new or empty. Default: site
  --etag <text>       version of the source, such as the commit
${KROKI_HELP}

Publish the result with techdocs-cli publish.`,
  async run(args, terminal) {
    const { values, folder } = readArguments(args, {
      output: { type: 'string', default: 'site' },
      etag: { type: 'string' },
      kroki: { type: 'string' },
    });
    const root = path.resolve(terminal.workingDirectory, folder);
    const outputDir = path.resolve(terminal.workingDirectory, values.output);
    await fs.mkdir(outputDir, { recursive: true });
    if ((await fs.readdir(outputDir)).length > 0) {
      throw new UsageError(`"${values.output}" is not empty. Remove it first.`);
    }
    const report = await buildSite({
      root,
      outputDir,
      renderer: new SiteRenderer(),
      etag: values.etag,
      diagrams: KrokiDrawer.fromOption(values.kroki),
      history: await readSiteHistory(root),
    });
    terminal.writeError(formatForPeople(report.problems));
    terminal.write(
      `${report.siteName}: ${report.pages} pages in ${values.output} (${report.milliseconds} ms)\n`,
    );
    return report.problems.some(({ severity }) => severity === 'error') ? 1 : 0;
  },
};
