import { describe, expect, it } from '@jest/globals';
import { jobStatus } from '@safelight/contracts';
import { Jobs1763700000000 } from '../migrations/1763700000000-jobs.js';
import { drawnTransitions } from '../test/drawn-transitions.js';
import type { JobStatus } from './job.js';

const sorted = (names: Iterable<string>) => [...names].sort();

/** Compiles only while the aggregate's states are exactly the public ones. */
const states: Record<JobStatus, true> = {
  pending: true,
  processing: true,
  completed: true,
  failed: true,
  blocked: true,
  cancelled: true,
};

async function checkedByDatabase(): Promise<string[]> {
  const statements: string[] = [];
  const query = async (sql: string) => void statements.push(sql);
  await new Jobs1763700000000().up({ query } as never);
  const names = /check \(status in \(([^)]*)\)\)/i.exec(statements.join('\n'))?.[1] ?? '';
  return names.split(',').map((name) => name.trim().replaceAll("'", ''));
}

describe('the states of a job', () => {
  it('are the same in the aggregate, the contract, the drawing and the CHECK', async () => {
    const drawn = new Set([...drawnTransitions()].flatMap((arrow) => arrow.split(' --> ')));
    drawn.delete('unknown');
    expect(sorted(jobStatus.options)).toEqual(sorted(Object.keys(states)));
    expect(sorted(drawn)).toEqual(sorted(Object.keys(states)));
    expect(sorted(await checkedByDatabase())).toEqual(sorted(Object.keys(states)));
  });
});
