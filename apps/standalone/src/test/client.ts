/** An answer of the public API, as raw as a test wants it. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- a test looks into documents of many shapes
  readonly json: any;
}

/** A bare client for tests: no retries, no checks, every byte visible. */
export class TestClient {
  constructor(
    readonly url: string,
    readonly apiKey: string,
  ) {}

  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const answer = await fetch(this.url + path, {
      method,
      headers: {
        authorization: `Bearer ${this.apiKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text, json: parse(text) };
  }

  get(path: string, headers?: Record<string, string>): Promise<Answer> {
    return this.send('GET', path, undefined, headers);
  }

  generate(body: unknown, headers?: Record<string, string>): Promise<Answer> {
    return this.send('POST', '/api/v1/generate', body, headers);
  }

  /** Submits and follows to the end. */
  async run(body: unknown, deadlineMs = 30_000): Promise<Answer['json']> {
    const accepted = await this.generate(body);
    if (accepted.status !== 202)
      throw new Error(`not accepted: ${accepted.status} ${accepted.text}`);
    return this.ended(accepted.json.data.id as string, deadlineMs);
  }

  async ended(id: string, deadlineMs = 30_000): Promise<Answer['json']> {
    const deadline = Date.now() + deadlineMs;
    for (;;) {
      const { json } = await this.get(`/api/v1/jobs/${id}`);
      if (json?.data?.ended_at != null) return json.data;
      if (Date.now() > deadline) throw new Error(`job ${id} did not end: ${JSON.stringify(json)}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
