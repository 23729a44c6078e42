import fs from 'node:fs/promises';
import path from 'node:path';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import {
  createMockDirectory,
  mockServices,
} from '@backstage/backend-test-utils';
import { UrlReaders } from '@backstage/backend-defaults/urlReader';
import { limitSource } from './limitSource';

/** A file of a tar archive. */
function entry(name: string, content: string): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write('0000644', 100);
  header.write(content.length.toString(8).padStart(11, '0'), 124);
  header.write('00000000000', 136);
  header.write('        0', 148);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const size = Math.ceil(content.length / 512) * 512;
  return Buffer.concat([header, Buffer.from(content.padEnd(size, '\0'))]);
}

describe('limitSource', () => {
  const directory = createMockDirectory();
  let server: Server;
  let address: string;

  beforeEach(async () => {
    directory.clear();
    const archive = gzipSync(
      Buffer.concat([
        entry('repo/docs/index.md', '# A'),
        entry('repo/docs/.git/config', '[core]\n  fsmonitor = evil'),
        // A megabyte of zeros is a kilobyte of archive
        entry('repo/bomb.txt', '\0'.repeat(1024 * 1024)),
        Buffer.alloc(1024),
      ]),
    );
    server = createServer((request, response) => {
      if (request.url?.includes('/archive/')) response.end(archive);
      else {
        response.setHeader('content-type', 'application/json');
        response.end(
          JSON.stringify({ commit: { id: 'abc' }, default_branch: 'main' }),
        );
      }
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  });

  async function read(limits: { bytes: number; files: number }) {
    const config = mockServices.rootConfig({
      data: {
        integrations: {
          gitea: [{ host: address, baseUrl: `http://${address}` }],
        },
      },
    });
    const reader = limitSource(
      UrlReaders.default({ config, logger: mockServices.logger.mock() }),
      limits,
    );
    const tree = await reader.readTree(
      `http://${address}/fernway/orders/src/branch/main`,
    );
    return tree.dir({ targetDir: directory.resolve(`out-${limits.bytes}`) });
  }

  it('unpacks what is small enough, and no repository inside of it', async () => {
    await fs.mkdir(directory.resolve('out-2000000'));
    const folder = await read({ bytes: 2_000_000, files: 10 });
    expect((await fs.readdir(folder)).sort()).toEqual(['bomb.txt', 'docs']);
    expect(await fs.readdir(path.join(folder, 'docs'))).toEqual(['index.md']);
  });

  it.each([
    ['bytes', { bytes: 500_000, files: 10 }],
    ['files', { bytes: 2_000_001, files: 1 }],
  ])('refuses a bomb by its %s', async (_name, limits) => {
    await fs.mkdir(directory.resolve(`out-${limits.bytes}`));
    await expect(read(limits)).rejects.toThrow('The repository is too large');
  });
});
