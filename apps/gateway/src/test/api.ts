import { uploadAnswer } from '@safelight/contracts';

/** An answer with its document. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- a test looks into documents of many shapes
  readonly json: any;
}

/** A bare client of a running gateway. */
export class Api {
  constructor(
    private readonly at: { readonly url: string },
    private readonly apiKey: string,
  ) {}

  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answered> {
    const raw = Buffer.isBuffer(body) || body instanceof ReadableStream;
    const answer = await fetch(`${this.at.url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.apiKey}`,
        ...(body === undefined || raw ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: raw ? body : JSON.stringify(body), duplex: 'half' }),
    });
    return { status: answer.status, headers: answer.headers, json: await answer.json() };
  }

  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answered> {
    return this.send('POST', path, body, headers);
  }

  upload(bytes: Buffer, type = 'image/png'): Promise<Answered> {
    return this.post('/uploads', bytes, { 'content-type': type });
  }

  /** Uploads what must be taken in. @returns the upload */
  async uploaded(bytes: Buffer, type?: string) {
    const { status, json } = await this.upload(bytes, type);
    if (status !== 201) throw new Error(`not taken in: ${status} ${JSON.stringify(json)}`);
    return uploadAnswer.parse(json).data;
  }
}
