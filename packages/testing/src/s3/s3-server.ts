import { createHash } from 'node:crypto';
import { once } from 'node:events';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { isSignedBy, readAuthorization } from './sigv4.js';

/** Errors of S3 by its reference ("Error responses"): name and status. */
const statuses = {
  AccessDenied: 403,
  AuthorizationHeaderMalformed: 400,
  BadDigest: 400,
  InternalError: 500,
  InvalidAccessKeyId: 403,
  MethodNotAllowed: 405,
  NoSuchBucket: 404,
  NoSuchKey: 404,
  RequestTimeTooSkewed: 403,
  SignatureDoesNotMatch: 403,
  SlowDown: 503,
  XAmzContentSHA256Mismatch: 400,
} as const;
export type S3ErrorCode = keyof typeof statuses;

export interface S3Bucket {
  readonly region: string;
  /** The bucket's policy: who may put what, by the headers of the request. Default: the identity may. */
  readonly allows?: (headers: http.IncomingHttpHeaders, key: string) => boolean;
}

export interface S3Object {
  readonly bytes: Buffer;
  readonly mediaType: string;
  readonly checksum: string;
}

/** A request as the server saw it. */
export interface S3Request {
  readonly method: string;
  readonly bucket: string;
  readonly key: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly answered: 'OK' | S3ErrorCode;
}

export interface S3ServerOptions {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly now?: () => Date;
}

class S3Refusal extends Error {
  constructor(
    readonly code: S3ErrorCode,
    readonly more = '',
  ) {
    super(code);
  }
}

const SKEW_MAX_MS = 15 * 60_000;
const AMAZON = /^(?:(?<bucket>[a-z0-9.-]+)\.)?s3\.(?<region>[a-z0-9-]+)\.amazonaws\.com$/;

/**
 * S3's PutObject, HeadObject and GetObject over HTTP, path-style and virtual-host style, for what runs
 * without Amazon: checks signatures, dates, regions, digests and checksums, keeps objects in memory,
 * and answers the XML errors of S3, on demand too. Not S3: no versions, parts, ACLs or policies in JSON.
 */
export class S3Server {
  readonly objects = new Map<string, S3Object>();
  readonly requests: S3Request[] = [];
  /** Answered in this order in place of what would be; a `late` one after the object was kept. */
  readonly faults: { readonly code: S3ErrorCode; readonly late?: boolean }[] = [];

  private constructor(
    private readonly server: http.Server,
    private readonly options: S3ServerOptions,
    readonly buckets: Map<string, S3Bucket>,
  ) {}

  static async start(
    options: S3ServerOptions,
    buckets: Readonly<Record<string, S3Bucket>>,
  ): Promise<S3Server> {
    const server = http.createServer();
    const s3 = new S3Server(server, options, new Map(Object.entries(buckets)));
    server.on('request', (request, response) => void s3.serve(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return s3;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** For path-style requests. */
  get endpoint(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  object(bucket: string, key: string): S3Object | undefined {
    return this.objects.get(`${bucket}/${key}`);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async serve(request: http.IncomingMessage, response: http.ServerResponse) {
    const { method = '', headers } = request;
    const { bucket, key } = addressOf(request);
    const note = (answered: S3Request['answered']) =>
      this.requests.push({ method, bucket, key, headers, answered });
    try {
      const body = Buffer.concat(await request.toArray());
      this.answer(request, response, body);
      note('OK');
    } catch (error) {
      if (!(error instanceof S3Refusal)) return void response.destroy();
      note(error.code);
      response.writeHead(statuses[error.code], { 'content-type': 'application/xml' });
      const text = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${error.code}</Code><Message>as asked</Message>${error.more}</Error>`;
      response.end(method === 'HEAD' ? undefined : text);
    }
  }

  private answer(request: http.IncomingMessage, response: http.ServerResponse, body: Buffer) {
    const { method } = request;
    const { bucket: name, key } = addressOf(request);
    const [fault] = this.faults;
    if (fault?.late !== true) this.fail();
    this.authenticate(request, body);
    const bucket = this.bucket(name, request);
    if (method === 'PUT') {
      if (bucket.allows?.(request.headers, key) === false) throw new S3Refusal('AccessDenied');
      this.keep(`${name}/${key}`, request.headers, body);
      this.fail();
      const etag = `"${createHash('md5').update(body).digest('hex')}"`;
      return void response.writeHead(200, { etag }).end();
    }
    if (method !== 'GET' && method !== 'HEAD') throw new S3Refusal('MethodNotAllowed');
    const object = this.object(name, key);
    if (object === undefined) throw new S3Refusal('NoSuchKey');
    response.writeHead(200, {
      'content-type': object.mediaType,
      'content-length': object.bytes.byteLength,
    });
    response.end(method === 'HEAD' ? undefined : object.bytes);
  }

  private fail(): void {
    const fault = this.faults.shift();
    if (fault !== undefined) throw new S3Refusal(fault.code);
  }

  private authenticate(request: http.IncomingMessage, body: Buffer): void {
    const headers = request.headers as Record<string, string>;
    const authorization = readAuthorization(headers['authorization'] ?? '');
    if (authorization === undefined) throw new S3Refusal('AccessDenied');
    const { accessKeyId, secretAccessKey, now = () => new Date() } = this.options;
    if (authorization.accessKeyId !== accessKeyId) throw new S3Refusal('InvalidAccessKeyId');
    const must = Object.keys(headers).filter((name) => name.startsWith('x-amz-'));
    const areSigned = ['host', ...must].every((name) => authorization.signedHeaders.includes(name));
    const [method, target] = [request.method ?? '', request.url ?? ''];
    const signed = { method, target, headers: { ...headers, host: hostOf(request) } };
    if (!areSigned || !isSignedBy(secretAccessKey, signed, authorization)) {
      throw new S3Refusal('SignatureDoesNotMatch');
    }
    const at = timeOf(headers['x-amz-date'] ?? '');
    if (!(Math.abs(at - now().getTime()) <= SKEW_MAX_MS)) {
      throw new S3Refusal('RequestTimeTooSkewed');
    }
    const digest = createHash('sha256').update(body).digest('hex');
    if (headers['x-amz-content-sha256'] !== digest) {
      throw new S3Refusal('XAmzContentSHA256Mismatch');
    }
  }

  /** The bucket, if the request was signed for its region. */
  private bucket(name: string, { headers }: http.IncomingMessage): S3Bucket {
    const bucket = this.buckets.get(name);
    if (bucket === undefined) throw new S3Refusal('NoSuchBucket');
    const region = readAuthorization(headers.authorization ?? '')?.region;
    if (region !== bucket.region) {
      throw new S3Refusal('AuthorizationHeaderMalformed', `<Region>${bucket.region}</Region>`);
    }
    return bucket;
  }

  private keep(at: string, headers: http.IncomingHttpHeaders, bytes: Buffer): void {
    const checksum = createHash('sha256').update(bytes).digest('base64');
    const claimed = headers['x-amz-checksum-sha256'];
    if (claimed !== undefined && claimed !== checksum) throw new S3Refusal('BadDigest');
    const mediaType = headers['content-type'] ?? 'binary/octet-stream';
    this.objects.set(at, { bytes, mediaType, checksum });
  }
}

/** The host that was signed for: of Amazon's hosts, which stand on another port here, without that. */
function hostOf({ headers }: http.IncomingMessage): string {
  const host = headers.host ?? '';
  const bare = host.replace(/:\d+$/, '');
  return AMAZON.test(bare) ? bare : host;
}

function addressOf(request: http.IncomingMessage): { bucket: string; key: string } {
  const path = decodeURIComponent((request.url ?? '').replace(/\?.*$/s, '')).slice(1);
  const bucket = AMAZON.exec(hostOf(request))?.groups?.['bucket'];
  if (bucket !== undefined) return { bucket, key: path };
  const [first = '', ...rest] = path.split('/');
  return { bucket: first, key: rest.join('/') };
}

/** Of `20130524T000000Z`; `NaN` for anything else. */
const timeOf = (text: string): number =>
  Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
