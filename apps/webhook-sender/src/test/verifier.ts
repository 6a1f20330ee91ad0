import { createHmac, createPublicKey, timingSafeEqual, verify } from 'node:crypto';
import type { Received } from './receiver.js';

const TOLERANCE_SECONDS = 300;
/** RFC 8410, section 4: what stands before the 32 bytes of a public key. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/**
 * A receiver's check of a webhook, written from the text of Standard Webhooks 1.0 alone, and sharing
 * nothing with what signs.
 * @param key `whsec_…` or `whpk_…`
 * @returns why it is refused; `undefined` if it is good
 */
export function refusalOf(received: Received, key: string, now: Date): string | undefined {
  const id = received.headers['webhook-id'];
  const timestamp = received.headers['webhook-timestamp'];
  const signatures = received.headers['webhook-signature'];
  if (id === undefined || timestamp === undefined || signatures === undefined) return 'headers';
  if (!/^\d+$/.test(timestamp)) return 'timestamp';
  if (Math.abs(now.getTime() / 1000 - Number(timestamp)) > TOLERANCE_SECONDS) return 'too old';
  const content = Buffer.from(`${id}.${timestamp}.${received.body}`);
  const good = signatures.split(' ').some((one) => isGood(one, content, key));
  return good ? undefined : 'signature';
}

function isGood(one: string, content: Buffer, key: string): boolean {
  const [version, text = ''] = one.split(',', 2);
  const signature = Buffer.from(text, 'base64');
  if (key.startsWith('whsec_') && version === 'v1') {
    const secret = Buffer.from(key.slice('whsec_'.length), 'base64');
    const expected = createHmac('sha256', secret).update(content).digest();
    return expected.length === signature.length && timingSafeEqual(expected, signature);
  }
  if (key.startsWith('whpk_') && version === 'v1a') {
    const raw = Buffer.from(key.slice('whpk_'.length), 'base64');
    const spki = Buffer.concat([SPKI_PREFIX, raw]);
    const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    return verify(null, content, publicKey, signature);
  }
  return false;
}
