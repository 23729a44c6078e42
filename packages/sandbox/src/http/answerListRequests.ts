import type { Server } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/**
 * Makes a server answer requests with the method `LIST`, which Vault's clients use and Node's parser does not know.
 *
 * @remarks
 * Such a request is asked again over a connection of its own as `GET …?list=true`, which means the same. It never has a
 * body. The client's connection ends with the answer.
 *
 * @internal
 */
export function answerListRequests(server: Server): void {
  server.on(
    'clientError',
    (error: Error & { rawPacket?: Buffer }, client: Socket) => {
      const request = error.rawPacket?.toString('latin1') ?? '';
      const end = request.indexOf('\r\n\r\n');
      const line = /^LIST (\S+) HTTP\/1\.1\r\n/.exec(request);
      if (!line || end < 0) {
        if (client.writable) {
          client.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
        } else {
          client.destroy();
        }
        return;
      }
      const target = `${line[1]}${line[1].includes('?') ? '&' : '?'}list=true`;
      const headers = request
        .slice(line[0].length, end)
        .split('\r\n')
        .filter(
          header => !/^(connection|content-length|keep-alive):/i.test(header),
        );
      const { address, port } = server.address() as AddressInfo;
      const upstream = connect({ host: address, port }, () => {
        upstream.write(
          [
            `GET ${target} HTTP/1.1`,
            ...headers,
            'Connection: close',
            '',
            '',
          ].join('\r\n'),
          'latin1',
        );
      });
      upstream.on('error', () => client.destroy());
      client.on('error', () => upstream.destroy());
      client.on('close', () => upstream.destroy());
      upstream.pipe(client);
    },
  );
}
