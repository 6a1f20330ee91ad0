import type { RequestClient } from '@safelight/messaging';
import type { Telemetry } from '@safelight/telemetry';
import type { Assignments } from '../assignment/assignment.handler.js';
import type { DispatchConfig } from '../config.js';
import type { Alarms } from './alarms.js';
import type { Background } from './background.js';
import type { Board } from './board.js';
import type { DispatchMetrics } from './metrics.js';
import type { RetryBudget } from './retry-budget.js';
import type { Supervision } from '../workers/supervision.js';

export const REIGN_PARTS = Symbol('reign parts');

/** What everything that works in one reign shares. */
export interface ReignParts {
  readonly epoch: number;
  readonly config: DispatchConfig;
  readonly board: Board;
  readonly assignments: Assignments;
  readonly alarms: Alarms;
  readonly retries: RetryBudget;
  readonly supervision: Supervision;
  readonly background: Background;
  readonly requests: RequestClient;
  readonly telemetry: Telemetry;
  readonly metrics: DispatchMetrics;
  /** Ends the reign: memory and database may differ, and only a fresh start can tell. */
  readonly abdicate: (error: unknown) => void;
}
