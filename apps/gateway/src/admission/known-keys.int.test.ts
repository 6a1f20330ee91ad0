import { connect } from 'node:net';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { newApiKey } from '../keys/api-key.js';
import { accountWith, gatewayDatabase, keyOf } from '../test/gateway-database.js';
import { runningGateway } from '../test/running-gateway.js';

const database = gatewayDatabase();
const gateway = runningGateway(database);
let accountId: string;
let apiKey: string;
beforeAll(async () => {
  ({ accountId, apiKey } = await accountWith(database));
});

const bodies: readonly (readonly [what: string, path: string, type: string])[] = [
  ['an image', '/api/v1/uploads', 'image/png'],
  ['an image as JSON', '/api/v1/uploads', 'application/json'],
  ['a form', '/v1/images/edits', 'multipart/form-data; boundary=x'],
];
const declaredBytes = 4_000_000;

/** The head of a large request, of whose body nothing is ever sent; what comes back within the deadline. */
async function answerToHead(key: string, path: string, type: string, more = ''): Promise<string> {
  const { hostname, port } = new URL(gateway.url);
  const socket = connect(Number(port), hostname).setEncoding('latin1');
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: api.example\r\nAuthorization: Bearer ${key}\r\n` +
      `Content-Type: ${type}\r\nContent-Length: ${declaredBytes}\r\n${more}\r\n`,
  );
  try {
    for await (const piece of socket) return String(piece).slice(0, 12);
    return '';
  } finally {
    socket.destroy();
  }
}

describe.each(bodies)('a large body (%s) of a key that opens nothing', (_what, path, type) => {
  it('is not waited for where the key is unknown', async () => {
    expect(await answerToHead(newApiKey('live'), path, type)).toBe('HTTP/1.1 401');
  });

  it('is not asked for where the client waits to be told', async () => {
    const more = 'Expect: 100-continue\r\n';
    expect(await answerToHead(newApiKey('live'), path, type, more)).toBe('HTTP/1.1 401');
    expect(await answerToHead(apiKey, path, type, more)).toBe('HTTP/1.1 100');
  });

  it.each(['revoked_at = now()', "expires_at = now() - interval '1 second'"])(
    'is not waited for once %s',
    async (change) => {
      const { keyId, apiKey: gone } = await keyOf(database.admin, accountId);
      await database.admin.query(`UPDATE gateway.api_keys SET ${change} WHERE id = $1`, [keyId]);
      expect(await answerToHead(gone, path, type)).toBe('HTTP/1.1 401');
    },
  );
});
