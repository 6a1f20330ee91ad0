import { workerData } from 'node:worker_threads';
import { carryOut } from '../thread/carry-out.js';
import { Signing } from './signing.js';
import type { Order, SignerGiven } from './credentials-signer.js';

const { identity, timestampUrl } = workerData as SignerGiven;
const signing = Signing.open(identity, timestampUrl);
// Each order is answered with what went wrong.
signing.catch(() => undefined);

carryOut(async (order: Order) => {
  const open = await signing;
  return order.kind === 'try' ? true : open.sign(order.bytes, order.mediaType, order.claim);
});
