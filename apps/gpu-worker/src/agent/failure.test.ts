import { describe, expect, it } from '@jest/globals';
import { EngineError } from '../engine/engine.js';
import { failureOf } from './failure.js';

describe('a failure', () => {
  it('is hopeless where the request or a picture of it is at fault, whatever its role', () => {
    const roles = ['image', 'mask', 'reference', 'control', 'face'];
    const codes = [...roles.map((role) => `${role}_unreadable`), 'graph_invalid'];
    const failures = codes.map((code) => failureOf(new EngineError(`engine.${code}`, 'broken')));
    expect(failures.filter(({ retryable }) => retryable)).toEqual([]);
    expect(failureOf(new EngineError('engine.failed', 'of memory')).retryable).toBe(true);
  });
});
