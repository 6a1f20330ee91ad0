/** A clock that stands still until told otherwise. */
export class FixedClock {
  private nowMs: number;

  constructor(start: Date | string | number = '2026-01-01T00:00:00.000Z') {
    this.nowMs = new Date(start).getTime();
  }

  now(): Date {
    return new Date(this.nowMs);
  }

  advance(ms: number): void {
    this.nowMs += ms;
  }
}
