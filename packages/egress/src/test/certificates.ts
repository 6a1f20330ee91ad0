import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';
import { readAddress } from '../address/address.js';

/** Certificate and key in PEM. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

const tlv = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const value = Buffer.concat(parts);
  const size = Buffer.from([value.byteLength >> 8, value.byteLength & 255]);
  const length =
    value.byteLength < 128 ? size.subarray(1) : Buffer.concat([Buffer.from([0x82]), size]);
  return Buffer.concat([Buffer.from([tag]), length, value]);
};
const sequence = (...parts: readonly Uint8Array[]) => tlv(0x30, ...parts);
const oid = (...bytes: readonly number[]) => tlv(0x06, Buffer.from(bytes));
const utcTime = (date: Date) =>
  tlv(0x17, Buffer.from(`${date.toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`));
const extension = (id: Buffer, value: Buffer) => sequence(id, tlv(0x04, value));

const ED25519 = sequence(oid(0x2b, 0x65, 0x70));
const COMMON_NAME = oid(0x55, 0x04, 0x03);
const SUBJECT_ALT_NAME = oid(0x55, 0x1d, 0x11);
const DAY_MS = 24 * 60 * 60 * 1_000;

/**
 * A certificate that signs itself, for names and addresses, made without any program but Node, which
 * can read X.509 but not write it.
 * @param expired whether its time is over.
 */
export function selfSigned(hosts: readonly string[], { expired = false } = {}): Identity {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const name = sequence(tlv(0x31, sequence(COMMON_NAME, tlv(0x0c, Buffer.from('egress test')))));
  const end = Date.now() + (expired ? -DAY_MS : DAY_MS);
  const unsigned = sequence(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    tlv(0x02, Buffer.from([1]), randomBytes(8)),
    ED25519,
    name,
    sequence(utcTime(new Date(end - 2 * DAY_MS)), utcTime(new Date(end))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, sequence(extension(SUBJECT_ALT_NAME, sequence(...hosts.map(altName))))),
  );
  const signature = tlv(0x03, Buffer.from([0]), sign(null, unsigned, privateKey));
  const der = sequence(unsigned, ED25519, signature);
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

const altName = (host: string) =>
  isIP(host) === 0
    ? tlv(0x82, Buffer.from(host))
    : tlv(0x87, Buffer.from(readAddress(host)!.toByteArray()));
