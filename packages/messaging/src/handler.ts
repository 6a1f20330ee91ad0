import { isObservable, lastValueFrom } from 'rxjs';
import type { Telemetry } from '@safelight/telemetry';
import type { BusConnection } from './bus.js';
import type { Delivery } from './delivery.js';
import type { BusMetrics } from './metrics.js';

/** A controller's method as the bus calls it. */
export type Handler = (payload: unknown, delivery: Delivery) => unknown;

/** What everything that serves messages needs. */
export interface Surroundings {
  readonly bus: BusConnection;
  readonly telemetry: Telemetry;
  readonly metrics: BusMetrics;
  readonly service: string;
  /** Milliseconds since some moment of the past, never backwards. */
  readonly now: () => number;
  /** Whether an error means that the service itself lacks something it needs, for now. */
  readonly isUnavailable: (error: unknown) => boolean;
}

/** Waits for what a handler returned, and then for the Observable that this may be. */
export async function resultOf(returned: unknown): Promise<unknown> {
  const value = await returned;
  return isObservable(value) ? lastValueFrom(value, { defaultValue: undefined }) : value;
}
