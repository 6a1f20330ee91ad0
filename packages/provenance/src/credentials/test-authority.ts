import { generateKeyPairSync, hash, type KeyObject, randomBytes, sign } from 'node:crypto';
import * as der from './der.js';

/** What signs content credentials: certificates, the signer's own first, and its key; all PEM. */
export interface SigningIdentity {
  readonly certificates: string;
  readonly key: string;
}

/** An authority for one installation, which nobody else trusts. Every name in it says TEST. */
export interface TestAuthority {
  /** What readers have to trust. */
  readonly anchors: string;
  readonly signer: SigningIdentity;
  readonly timestamps: SigningIdentity;
}

const ECDSA_SHA256 = der.sequence(der.identifier('1.2.840.10045.4.3.2'));
const YEARS = 10;
const SERIAL_BYTES = 16;
/** Extended key usages. */
const EMAIL_PROTECTION = '1.3.6.1.5.5.7.3.4';
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';

interface Issuer {
  readonly name: der.Der;
  readonly keys: { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
}

/** Makes an authority, a signer and a clock that it vouches for. @param now its certificates begin an hour before */
export function createTestAuthority(now = new Date()): TestAuthority {
  const authority = { name: nameOf('Safelight TEST authority'), keys: newKeys() };
  const root = certificate(authority, authority, now, [
    extension('2.5.29.19', true, der.sequence(der.yes)),
    extension('2.5.29.15', true, der.bits(Buffer.from([0x06]), 1)),
  ]);
  const issued = (name: string, usage: string, isCritical: boolean): SigningIdentity => {
    const subject = { name: nameOf(name), keys: newKeys() };
    const own = certificate(subject, authority, now, [
      extension('2.5.29.19', true, der.sequence()),
      extension('2.5.29.15', true, der.bits(Buffer.from([0x80]), 7)),
      extension('2.5.29.37', isCritical, der.sequence(der.identifier(usage))),
    ]);
    const key = subject.keys.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    return { certificates: pem(own) + pem(root), key };
  };
  return {
    anchors: pem(root),
    signer: issued('Safelight TEST signer', EMAIL_PROTECTION, false),
    timestamps: issued('Safelight TEST clock', TIME_STAMPING, true),
  };
}

const newKeys = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });

const nameOf = (common: string): der.Der =>
  der.sequence(
    der.setOf(der.sequence(der.identifier('2.5.4.10'), der.text('Safelight TEST'))),
    der.setOf(der.sequence(der.identifier('2.5.4.3'), der.text(common))),
  );

const extension = (id: string, isCritical: boolean, content: der.Der): der.Der =>
  der.sequence(der.identifier(id), ...(isCritical ? [der.yes] : []), der.octets(content));

function certificate(
  subject: Issuer,
  issuer: Issuer,
  now: Date,
  extensions: readonly der.Der[],
): der.Der {
  const from = new Date(now.getTime() - 3_600_000);
  const to = new Date(now);
  to.setUTCFullYear(to.getUTCFullYear() + YEARS);
  const serial = randomBytes(SERIAL_BYTES);
  serial[0] = (serial[0] ?? 0) & 0x7f;
  const body = der.sequence(
    der.tagged(0, der.integer(2)),
    der.integer(serial),
    ECDSA_SHA256,
    issuer.name,
    der.sequence(der.shortTime(from), der.shortTime(to)),
    subject.name,
    spkiOf(subject),
    der.tagged(
      3,
      der.sequence(
        ...extensions,
        extension('2.5.29.14', false, der.octets(keyIdOf(subject))),
        extension('2.5.29.35', false, der.sequence(der.value(0x80, keyIdOf(issuer)))),
      ),
    ),
  );
  const signature = sign('sha256', body, issuer.keys.privateKey);
  return der.sequence(body, ECDSA_SHA256, der.bits(signature));
}

const spkiOf = ({ keys }: Issuer): Buffer => keys.publicKey.export({ type: 'spki', format: 'der' });
const keyIdOf = (issuer: Issuer): Buffer => hash('sha1', spkiOf(issuer), 'buffer');

const pem = (bytes: Buffer): string => {
  const lines = bytes.toString('base64').replace(/.{64}/g, '$&\n').trimEnd();
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
};
