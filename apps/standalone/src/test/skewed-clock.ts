/**
 * Imported before a program: its clock goes wrong by as many milliseconds as CLOCK_SKEW_MS says.
 * Only the wall clock: what measures durations is right on machines whose date is wrong, too.
 */
const skewMs = Number(process.env['CLOCK_SKEW_MS'] ?? 0);
const Right = Date;

class Skewed extends Right {
  constructor(...parts: unknown[]) {
    if (parts.length === 0) super(Right.now() + skewMs);
    else super(...(parts as [number]));
  }

  static override now(): number {
    return Right.now() + skewMs;
  }
}
globalThis.Date = Skewed as DateConstructor;
