import { describe, expect, it } from '@jest/globals';
import type { ModelOffer } from '@safelight/contracts';
import { Board } from '../dispatcher/board.js';
import { undescribed } from '../pools/pool.js';
import { PoolBook } from '../pools/pool-book.js';
import { BoardFleet } from './board-fleet.js';

const hear = ({ roster }: Board, workerId: string, quarantined: boolean, excluded: string[] = []) =>
  roster.hear(
    {
      ...{ workerId, incarnation: workerId, engine: 'e', pool: 'p', slots: 1, freeSlots: 1 },
      models: ['m', 'n'].map((name) => ({ name }) as ModelOffer),
      ...{ warm: [], leases: [], tags: [], gpu: null },
    },
    0,
    { excluded: new Set(excluded), quarantined },
  );

describe('the fleet of a forecast', () => {
  it('has no worker in quarantine, and none for what it is kept from', () => {
    const board = new Board();
    const pool = { ...undescribed('p'), fromZero: true };
    const past = { pool: 'p', models: ['m'], coldStartSeconds: 60 };
    const fleet = new BoardFleet(board, new PoolBook([pool], [past]));
    hear(board, 'away', true);
    const models = (nowMs: number) => fleet.workers(nowMs).map((each) => [...each.models].join());
    // Nobody works there: the pool starts one.
    expect(models(0)).toEqual(['', 'm']);
    hear(board, 'able', false, ['n']);
    expect(models(1_000)).toEqual(['', 'm']);
    expect(fleet.workers(1_000).at(-1)?.slots).toEqual([{ freeAtMs: 1_000 }]);
  });
});
