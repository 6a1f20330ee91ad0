/** What one picture may cost. */
export type Limits = Readonly<{
  /** Most pixels a picture may declare, and most that a decoder may produce. */
  maxPixels: number;
  /** Most bytes of the picture once written anew. */
  maxOutputBytes: number;
  /** Resident memory of its process, in bytes, program and libraries included. */
  maxMemoryBytes: number;
  /** Processor time of its process, in milliseconds; a busy neighbour does not count. */
  maxCpuMs: number;
  /** Time on the clock, in milliseconds, for a process that hangs instead of working. */
  timeoutMs: number;
}>;
