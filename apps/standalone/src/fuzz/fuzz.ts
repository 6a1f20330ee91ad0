import fc from 'fast-check';
import { Wire } from './exchange.js';
import { Judge } from './judge.js';
import type { ApiDocument } from './operations.js';
import { operationsOf } from './operations.js';
import type { FuzzRequest, Palette } from './requests.js';
import { requestsTo } from './requests.js';

export interface FuzzPlan {
  readonly url: string;
  readonly requests: number;
  readonly seed: number;
  /** Fresh accounts now and then: jobs cost credits, and whoever offends may be shut out. */
  palette(): Promise<Omit<Palette, 'named'>>;
  /** Hears after each batch. */
  progress?(sent: number): void;
}

/** A request whose answer is wrong. */
export interface Finding {
  readonly complaint: string;
  readonly request: FuzzRequest;
}

export interface FuzzReport {
  readonly sent: number;
  readonly seconds: number;
  /** How many answers had each status. */
  readonly statuses: Readonly<Record<number, number>>;
  /** The first of each kind. */
  readonly findings: readonly Finding[];
}

const BATCH = 1_000;
const CONCURRENCY = 16;
/** Public routes are mostly pages that never change. */
const KEYED_WEIGHT = 4;

/** Sends requests made from the gateway's own document, and holds every answer against it. */
export async function fuzz(plan: FuzzPlan): Promise<FuzzReport> {
  const started = performance.now();
  const document = (await (await fetch(`${plan.url}/api/openapi.json`)).json()) as ApiDocument;
  const session = new Session(plan.url, new Judge(document));
  const operations = operationsOf(document);
  for (let sent = 0; sent < plan.requests; sent += BATCH) {
    const palette = { ...(await plan.palette()), named: document.components.schemas };
    const any = fc.oneof(
      ...operations.map((operation) => ({
        weight: operation.scope === undefined ? 1 : KEYED_WEIGHT,
        arbitrary: requestsTo(operation, palette),
      })),
    );
    const numRuns = Math.min(BATCH, plan.requests - sent);
    await session.sendAll(fc.sample(any, { numRuns, seed: plan.seed + sent }));
    plan.progress?.(sent + numRuns);
  }
  return session.end((performance.now() - started) / 1000);
}

class Session {
  private readonly wire: Wire;
  private readonly statuses: Record<number, number> = {};
  private readonly findings = new Map<string, Finding>();
  private sent = 0;

  constructor(
    url: string,
    private readonly judge: Judge,
  ) {
    this.wire = new Wire(url, CONCURRENCY);
  }

  async sendAll(requests: readonly FuzzRequest[]): Promise<void> {
    let next = 0;
    const lane = async () => {
      for (let request = requests[next++]; request !== undefined; request = requests[next++])
        await this.send(request);
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, lane));
  }

  end(seconds: number): FuzzReport {
    this.wire.close();
    const { sent, statuses } = this;
    return { sent, seconds, statuses, findings: [...this.findings.values()] };
  }

  private async send(request: FuzzRequest): Promise<void> {
    this.sent += 1;
    const complaint = await this.wire.send(request).then(
      (answer) => {
        this.statuses[answer.status] = (this.statuses[answer.status] ?? 0) + 1;
        return this.judge.complaint(request, answer);
      },
      (error: unknown) => `breaks off: ${error instanceof Error ? error.message : String(error)}`,
    );
    if (complaint === undefined) return;
    const kind = `${request.method} ${complaint}`;
    if (!this.findings.has(kind)) this.findings.set(kind, { complaint, request });
  }
}
