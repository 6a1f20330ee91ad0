/** Where times come from: the machine's clock, or a test's. */
export interface Clock {
  now(): Date;
}

export const machineClock: Clock = { now: () => new Date() };
