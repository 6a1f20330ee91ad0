import { describe, expect, it } from '@jest/globals';
import { ProgressBoard } from './job.progress.js';

describe('the progress board', () => {
  it('knows the latest of the attempt that is asked for', () => {
    const board = new ProgressBoard();
    board.note({ jobId: 'a', attempt: 1, percent: 70 });
    board.note({ jobId: 'a', attempt: 2, percent: 10 });
    board.note({ jobId: 'a', attempt: 1, percent: 80 });
    expect(board.percentOf('a', 2)).toBe(10);
    expect(board.percentOf('a', 1)).toBe(0);
    expect(board.percentOf('b', 1)).toBe(0);
  });

  it('stays bounded: who was heard of longest ago is forgotten first', () => {
    const board = new ProgressBoard(2);
    for (const jobId of ['a', 'b', 'a', 'c']) board.note({ jobId, attempt: 1, percent: 5 });
    expect(['a', 'b', 'c'].map((jobId) => board.percentOf(jobId, 1))).toEqual([5, 0, 5]);
  });
});
