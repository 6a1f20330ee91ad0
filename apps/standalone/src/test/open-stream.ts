import type { TestClient } from './client.js';

/** One message of a stream, or a comment, as its fields. */
export interface Frame {
  readonly id?: string;
  readonly event?: string;
  readonly data?: string;
  readonly retry?: string;
}

/** An event stream that is being read. */
export class OpenStream {
  readonly frames: Frame[] = [];
  private readonly waiting = new Set<() => void>();
  private readonly reading: Promise<void>;

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.reading = this.read(bytes);
  }

  /** Resolves when such a frame has come. @throws Error when the stream ends without one */
  async until(wanted: (frame: Frame) => boolean): Promise<void> {
    const over = this.reading.then(() => {
      throw new Error(`the stream ended after ${this.frames.length} frames`);
    });
    while (!this.frames.some(wanted)) {
      await Promise.race([over, new Promise<void>((resolve) => this.waiting.add(resolve))]);
    }
    over.catch(() => undefined);
  }

  /** All frames once the server has ended the stream. @throws Error when it was broken off */
  async ended(): Promise<readonly Frame[]> {
    await this.reading;
    return this.frames;
  }

  private async read(bytes: AsyncIterable<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of bytes) {
      rest += decoder.decode(chunk, { stream: true });
      const parts = rest.split('\n\n');
      rest = parts.pop() ?? '';
      this.frames.push(...parts.map(frameOf));
      for (const wake of this.waiting) wake();
      this.waiting.clear();
    }
  }
}

/** Follows a job after the event with this number. */
export async function openStream(
  { url, apiKey }: TestClient,
  jobId: string,
  lastId = '',
): Promise<OpenStream> {
  const answer = await fetch(`${url}/api/v1/jobs/${jobId}/events`, {
    headers: {
      accept: 'text/event-stream',
      authorization: `Bearer ${apiKey}`,
      'last-event-id': lastId,
    },
  });
  if (answer.status !== 200 || answer.body === null)
    throw new Error(`no stream: ${answer.status} ${await answer.text()}`);
  return new OpenStream(answer.body);
}

const frameOf = (text: string): Frame =>
  Object.fromEntries(
    text
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  );
