import path from 'node:path';
import { UsageError, type Command } from '../Command';
import { readArguments } from '../readArguments';
import { KROKI_HELP, KrokiDrawer } from './KrokiDrawer';
import { PreviewServer } from './PreviewServer';

/** `waystone docs serve`: the pages in the browser, new with every save. */
export const docsServe: Command = {
  path: ['docs', 'serve'],
  summary:
    'Shows the pages of a docs folder and reloads them when they change.',
  help: `Usage: waystone docs serve [folder] [options]

  folder              folder of mkdocs.yml, or one that has docs/. Default: this one
  --port <port>       Default: 8000
  --host <host>       Default: localhost
${KROKI_HELP}

Stop with Ctrl-C.`,
  async run(args, terminal) {
    const { values, folder } = readArguments(args, {
      port: { type: 'string', default: '8000' },
      host: { type: 'string', default: 'localhost' },
      kroki: { type: 'string' },
    });
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65535) {
      throw new UsageError(
        `--port is a number up to 65535, not "${values.port}".`,
      );
    }
    const server = await PreviewServer.start({
      root: path.resolve(terminal.workingDirectory, folder),
      host: values.host,
      port,
      diagrams: KrokiDrawer.fromOption(values.kroki),
      log: text => terminal.write(`${text}\n`),
    });
    terminal.write(`${server.url}\n`);
    await new Promise<void>(resolve => {
      process.once('SIGINT', resolve);
      process.once('SIGTERM', resolve);
    });
    await server.stop();
    return 0;
  },
};
