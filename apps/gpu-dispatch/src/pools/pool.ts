import type { ScalingRules } from '../scaling/desired.js';

/** The workers that belong to no account. */
export const SHARED_POOL = 'shared';

/** Workers of one kind, which are scaled together. */
export interface Pool extends ScalingRules {
  readonly name: string;
  /** Whose jobs it is for; `null`: everybody's. */
  readonly accountId: string | null;
  /** Somebody starts workers when the pool wants some: jobs are accepted while it has none. */
  readonly fromZero: boolean;
}

/** What is known of a pool's workers of the past. */
export interface PoolPast {
  readonly pool: string;
  /** Models that its workers offered when one was last heard of. */
  readonly models: readonly string[];
  /** From the wish for a worker until one offered itself, as it usually was; `null`: never seen. */
  readonly coldStartSeconds: number | null;
}

/** A pool that nobody has described is everybody's, and is scaled by nobody that we know of. */
export const undescribed = (name: string): Pool => ({
  ...{ name, accountId: null, fromZero: false },
  ...{ min: 0, max: null, buffer: 0, targetWaitSeconds: 60, idleSeconds: 300 },
});
