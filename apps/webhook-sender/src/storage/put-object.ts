import { createEgress, type Egress, type EgressResponse } from '@safelight/egress';
import type { ReleasedOutput, S3Storage } from '@safelight/contracts';
import { AwsV4Signer } from 'aws4fetch';
import type { Clock } from '../clock.js';
import { objectUrl } from './object-address.js';
import type { S3Identity } from './s3-identity.js';

/** From the lookup to the last byte of the answer, in milliseconds: pictures of tens of megabytes. */
const TIMEOUT_MS = 60_000;
/** Bytes of an answer: S3 says what is wrong in a few hundred. */
const ANSWER_MAX = 64 * 1024;
const HTTPS_PORT = 443;

/** The door for copies: as for webhooks, but that the operator's own endpoint may be open besides. */
export const egressTo = ({ endpoint, endpointAddresses }: S3Identity): Egress =>
  createEgress({
    receivers: endpointAddresses,
    ports: { https: [HTTPS_PORT, ...portsOf(endpoint)] },
    userAgent: 'Safelight-Outputs/1',
  });

const portsOf = (endpoint: URL | null): number[] =>
  endpoint?.protocol === 'https:' && endpoint.port !== '' ? [Number(endpoint.port)] : [];

export interface ObjectToPut {
  readonly accountId: string;
  readonly target: Pick<S3Storage, 'region' | 'bucket'>;
  readonly key: string;
  readonly output: ReleasedOutput;
  readonly bytes: Buffer;
}

/** PutObject, signed with SigV4. S3 itself refuses bytes that are not those of the output's digest. */
export class ObjectPutter {
  constructor(
    private readonly identity: S3Identity,
    private readonly egress: Egress,
    private readonly clock: Clock,
  ) {}

  /** @throws EgressRefused; the reason of `signal` */
  async put(object: ObjectToPut, signal: AbortSignal): Promise<EgressResponse> {
    const { url, headers } = await this.signed(object);
    return this.egress.fetch(url, {
      ...{ method: 'PUT', headers, body: object.bytes },
      ...{ timeoutMs: TIMEOUT_MS, maxBytes: ANSWER_MAX, maxRedirects: 0, signal },
    });
  }

  private async signed({ accountId, target, key, output }: ObjectToPut) {
    const { accessKeyId, secretAccessKey, endpoint } = this.identity;
    const { digest, mediaType } = output;
    const signer = new AwsV4Signer({
      ...{ accessKeyId, secretAccessKey, service: 's3', region: target.region },
      method: 'PUT',
      url: objectUrl(endpoint, target, key),
      headers: {
        'content-type': mediaType,
        'x-amz-content-sha256': digest,
        'x-amz-checksum-sha256': Buffer.from(digest, 'hex').toString('base64'),
        // A bucket's policy can ask for its owner's account here: without that, whoever knows the
        // bucket's name could have this identity write into it (the confused deputy).
        referer: accountId,
      },
      datetime: this.clock
        .now()
        .toISOString()
        .replace(/[:-]|\.\d{3}/g, ''),
      allHeaders: true,
    });
    const { url, headers } = await signer.sign();
    return { url: url.href, headers: Object.fromEntries(headers) };
  }
}
