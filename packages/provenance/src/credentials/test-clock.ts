import { createPrivateKey, hash, randomBytes, sign, X509Certificate } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as der from './der.js';
import type { SigningIdentity } from './test-authority.js';

const SHA256 = der.sequence(der.identifier('2.16.840.1.101.3.4.2.1'));
const ECDSA_SHA256 = der.sequence(der.identifier('1.2.840.10045.4.3.2'));
const SIGNED_DATA = '1.2.840.113549.1.7.2';
const TST_INFO = '1.2.840.113549.1.9.16.1.4';
/** A policy of nobody's: of an arc that is given to examples. */
const POLICY = '2.999.1';
const MOST_BYTES = 10_000;
const SEQUENCE = 0x30;
const INTEGER = 0x02;

/** A time-stamp authority (RFC 3161) that this process asks itself, where no public one is set. */
export interface TestClock {
  readonly url: string;
  close(): Promise<void>;
}

/** Listens at the loopback address alone. */
export async function openTestClock(identity: SigningIdentity): Promise<TestClock> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    let size = 0;
    request.on('data', (part: Buffer) => {
      size += part.length;
      if (size > MOST_BYTES) request.destroy();
      else parts.push(part);
    });
    request.on('end', () => {
      const stamp = stampOf(Buffer.concat(parts), identity, new Date());
      response.writeHead(stamp ? 200 : 400, { 'content-type': 'application/timestamp-reply' });
      response.end(stamp);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  server.unref();
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

/** The answer to a request for a time stamp; `undefined` for what is none. */
export function stampOf(request: Buffer, identity: SigningIdentity, now: Date): Buffer | undefined {
  const [whole] = der.read(request) ?? [];
  const [, imprint, ...options] = (whole && der.read(whole.content)) ?? [];
  if (imprint?.tag !== SEQUENCE) return undefined;
  const nonce = options.find(({ tag }) => tag === INTEGER);
  const info = der.sequence(
    der.integer(1),
    der.identifier(POLICY),
    imprint.whole,
    der.integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    der.time(now),
    ...(nonce ? [nonce.whole] : []),
  );
  const granted = der.sequence(der.integer(0));
  return der.sequence(granted, signed(info, identity));
}

/** CMS (RFC 5652), with the attributes that RFC 3161 and RFC 5816 ask for. */
function signed(info: der.Der, { certificates, key }: SigningIdentity): der.Der {
  const chain = (certificates.match(/-----BEGIN[^]+?-----END CERTIFICATE-----/g) ?? []).map(
    (one) => new X509Certificate(one).raw,
  );
  const [own = Buffer.alloc(0)] = chain;
  const attribute = (id: string, content: der.Der) =>
    der.sequence(der.identifier(id), der.setOf(content));
  const attributes = der.setOf(
    attribute('1.2.840.113549.1.9.3', der.identifier(TST_INFO)),
    attribute('1.2.840.113549.1.9.4', der.octets(hash('sha256', info, 'buffer'))),
    attribute(
      '1.2.840.113549.1.9.16.2.47',
      der.sequence(der.sequence(der.sequence(der.octets(hash('sha256', own, 'buffer'))))),
    ),
  );
  const signature = sign('sha256', attributes, createPrivateKey(key));
  const implicit = Buffer.from(attributes);
  implicit[0] = 0xa0;
  const signer = der.sequence(
    ...[der.integer(1), issuerAndSerial(own), SHA256, implicit],
    ...[ECDSA_SHA256, der.octets(signature)],
  );
  const content = der.sequence(der.identifier(TST_INFO), der.tagged(0, der.octets(info)));
  const data = der.sequence(
    ...[der.integer(3), der.setOf(SHA256), content],
    ...[der.tagged(0, ...chain), der.setOf(signer)],
  );
  return der.sequence(der.identifier(SIGNED_DATA), der.tagged(0, data));
}

function issuerAndSerial(certificate: Buffer): der.Der {
  const [body] = der.read(der.read(certificate)?.[0]?.content ?? Buffer.alloc(0)) ?? [];
  const [, serial, , issuer] = (body && der.read(body.content)) ?? [];
  if (!serial || !issuer) throw new Error('the certificate of the clock cannot be read');
  return der.sequence(issuer.whole, serial.whole);
}
