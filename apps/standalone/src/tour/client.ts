import type { JobResource, ProblemDocument } from '@safelight/contracts';

/** One line of a job's timeline. */
export interface TimelineEntry {
  readonly sequence: number;
  readonly type: string;
  readonly at: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface Submission {
  readonly id: string;
  readonly price: string;
  readonly creditsRemaining: string;
}

interface Accepted {
  readonly data: { readonly id: string };
  readonly meta: { readonly price: string; readonly credits_remaining: string };
}

interface Credits {
  readonly available: string;
  readonly held: string;
}

/** The public API as any client would use it: HTTP and nothing else. */
export class ApiClient {
  constructor(
    private readonly url: string,
    private readonly apiKey: string,
  ) {}

  async generate(body: { prompt: string; metadata?: Record<string, string> }): Promise<Submission> {
    const { data, meta } = (await this.call('POST', '/api/v1/generate', body)) as Accepted;
    return { id: data.id, price: meta.price, creditsRemaining: meta.credits_remaining };
  }

  async job(id: string): Promise<JobResource> {
    return ((await this.call('GET', `/api/v1/jobs/${id}`)) as { data: JobResource }).data;
  }

  async timeline(id: string): Promise<TimelineEntry[]> {
    const answer = await this.call('GET', `/api/v1/jobs/${id}/events`);
    return (answer as { data: TimelineEntry[] }).data;
  }

  async credits(): Promise<Credits> {
    const answer = await this.call('GET', '/api/v1/account');
    return (answer as { data: { credits: Credits } }).data.credits;
  }

  async download(url: string): Promise<Uint8Array> {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`the picture could not be downloaded: HTTP ${answer.status}`);
    return new Uint8Array(await answer.arrayBuffer());
  }

  private async call(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await fetch(this.url + path, {
      method,
      headers: { authorization: `Bearer ${this.apiKey}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const json: unknown = await answer.json();
    if (!answer.ok) {
      const problem = json as ProblemDocument;
      throw new Error(`${problem.code}: ${problem.detail}`);
    }
    return json;
  }
}
