import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createPool } from '@safelight/postgres';
import { auditAtLast } from '../test/audit.js';
import { type Answer, TestClient } from '../test/client.js';
import { Fleet } from '../test/fleet.js';
import { seeded } from '../test/random.js';
import { outsideFaults, type Scene } from './outside.js';
import { Witness } from './witness.js';

/** What a run of faults came to. */
export interface FaultReport {
  /** How often each fault happened, by its name. */
  readonly faults: Readonly<Record<string, number>>;
  /** How many jobs ended so, by status. */
  readonly ends: Readonly<Record<string, number>>;
  readonly handedOut: number;
  readonly withheld: number;
  /** Anything that must not be: releases without a receipt, jobs without an end, unsound postings. */
  readonly breaches: readonly string[];
}

export interface FaultPlan {
  readonly faults: number;
  readonly seed: number;
  readonly progress?: (faults: number, jobs: number) => void;
}

const LANES = 12;
const JOB_DEADLINE_MS = 45_000;
const LOOK_MS = 3_000;
/** How soon a client that was turned away comes back. */
const IMPATIENCE_MS = 50;
/** How often a fault from outside follows the end of a job. */
const OUTSIDE_SHARE = 0.6;

/** Whole Safelight with a moderation that goes wrong, until so many faults have happened to it. */
export async function injectFaults(plan: FaultPlan): Promise<FaultReport> {
  const run = await FaultRun.start(plan);
  try {
    return await run.carryOut();
  } finally {
    await run.close();
  }
}

interface Ended {
  readonly status: string;
}

const idOf = ({ json }: Answer): string => (json as { data: { id: string } }).data.id;

/** One run: clients that follow their jobs to the end, and faults between them. */
class FaultRun {
  private readonly counted = new Map<string, number>();
  private readonly ends = new Map<string, number>();
  private readonly breaches: string[] = [];
  private readonly jobs: string[] = [];
  private handedOut = 0;
  private withheld = 0;
  private tries = 0;
  private outside = Promise.resolve();

  private constructor(
    private readonly plan: FaultPlan,
    private readonly scene: Scene,
    private readonly client: TestClient,
    private readonly witness: Witness,
    private readonly file: string,
  ) {}

  static async start(plan: FaultPlan): Promise<FaultRun> {
    const file = join(tmpdir(), `safelight-faults-${process.pid}`);
    await writeFile(file, '');
    const fleet = await Fleet.start({
      layout: 'apart',
      workerSlots: 4,
      entries: { moderation: '../faults/moderation/main.js' },
      env: {
        ...{ FAULTS_FILE: file, FAULTS_SEED: String(plan.seed), LOG_LEVEL: 'fatal' },
        ...{ JOB_DEADLINE_MS: String(JOB_DEADLINE_MS), LOOK_MS: String(LOOK_MS) },
      },
    });
    const admin = createPool({ url: fleet.postgres.url, applicationName: 'faults' });
    const { apiKey } = await fleet.account('1000000');
    const scene = { fleet, admin, random: seeded(plan.seed) };
    const witness = await Witness.of(fleet, admin);
    return new FaultRun(plan, scene, new TestClient(fleet.url, apiKey), witness, file);
  }

  async carryOut(): Promise<FaultReport> {
    await Promise.all(Array.from({ length: LANES }, () => this.lane()));
    await this.outside;
    await this.scene.fleet.ready();
    // Files changed after their job had ended: links once more.
    for (const jobId of this.jobs.slice(-1_000)) await this.witnessed(jobId);
    this.breaches.push(...(await this.unsound()));
    return {
      faults: Object.fromEntries(await this.total()),
      ends: Object.fromEntries(this.ends),
      ...{ handedOut: this.handedOut, withheld: this.withheld, breaches: this.breaches },
    };
  }

  async close(): Promise<void> {
    await this.scene.admin.end();
    await this.scene.fleet.close();
    await rm(this.file, { force: true });
  }

  private async lane(): Promise<void> {
    while (!(await this.isEnough())) {
      this.tries += 1;
      const body = { prompt: 'a small boat', width: 256, height: 256, steps: 1, seed: this.tries };
      const answer = await this.client.generate(body).catch(() => undefined);
      if (answer?.status === 202) await this.follow(idOf(answer));
      else if (answer !== undefined && answer.status !== 503)
        this.breaches.push(`a submission answered ${answer.status}: ${answer.text}`);
      else await pause(IMPATIENCE_MS);
    }
  }

  private async follow(jobId: string): Promise<void> {
    this.jobs.push(jobId);
    try {
      const { status } = (await this.client.ended(jobId, 3 * JOB_DEADLINE_MS)) as Ended;
      this.ends.set(status, (this.ends.get(status) ?? 0) + 1);
      // One after the other: what is broken twice at once has been broken once.
      if (this.scene.random() < OUTSIDE_SHARE)
        this.outside = this.outside.then(() => this.breakFromOutside());
      await this.witnessed(jobId);
    } catch (error) {
      this.breaches.push(String(error));
    }
  }

  private async witnessed(jobId: string): Promise<void> {
    const seen = await this.witness.look(this.client, jobId);
    this.handedOut += seen.handedOut;
    this.withheld += seen.withheld;
    this.breaches.push(...seen.breaches);
  }

  private async breakFromOutside(): Promise<void> {
    let left = this.scene.random() * 100;
    const [name, , happen] = outsideFaults.find(([, share]) => (left -= share) < 0) ?? [];
    if (name === undefined || happen === undefined) return;
    await happen(this.scene);
    this.counted.set(name, (this.counted.get(name) ?? 0) + 1);
  }

  /** What the audit finds once the probes of `ready` have ended, too. */
  private async unsound(): Promise<string[]> {
    const { url } = this.scene.fleet.postgres;
    const found = Object.entries(await auditAtLast(url, 2 * JOB_DEADLINE_MS));
    return found.map(([rule, breaches]) => `${rule}: ${breaches.join(', ')}`);
  }

  private async isEnough(): Promise<boolean> {
    const total = [...(await this.total()).values()].reduce((sum, count) => sum + count, 0);
    this.plan.progress?.(total, this.jobs.length);
    return total >= this.plan.faults;
  }

  /** Those from outside, and those that the service itself had told of before it made them. */
  private async total(): Promise<Map<string, number>> {
    const all = new Map(this.counted);
    const told = (await readFile(this.file, 'utf8')).split('\n').filter((line) => line !== '');
    for (const line of told) all.set(line, (all.get(line) ?? 0) + 1);
    return all;
  }
}
