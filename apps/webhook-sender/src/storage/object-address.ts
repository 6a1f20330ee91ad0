import type { S3Storage } from '@safelight/contracts';

const CHINA = /^cn-/;

/** As SigV4 writes a path (RFC 3986): encodeURIComponent leaves five characters that it does not. */
const encoded = (key: string): string =>
  key
    .split('/')
    .map((segment) =>
      encodeURIComponent(segment).replace(
        /[!'()*]/g,
        (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
      ),
    )
    .join('/');

/**
 * Where an object goes. At Amazon the bucket is part of the host's name, unless it has dots: then no
 * certificate would match. An endpoint of the operator's has its buckets in the path, so nothing of
 * a customer's is in the host's name there.
 */
export function objectUrl(
  endpoint: URL | null,
  { region, bucket }: Pick<S3Storage, 'region' | 'bucket'>,
  key: string,
): string {
  if (endpoint !== null) {
    const base = endpoint.href.replace(/\/+$/, '');
    return `${base}/${bucket}/${encoded(key)}`;
  }
  const domain = CHINA.test(region) ? 'amazonaws.com.cn' : 'amazonaws.com';
  const host = `s3.${region}.${domain}`;
  return bucket.includes('.')
    ? `https://${host}/${bucket}/${encoded(key)}`
    : `https://${bucket}.${host}/${encoded(key)}`;
}
