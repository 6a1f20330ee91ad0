/** The database could not be reached in time. Whether the append was committed is unknown: ask again with the same command id. */
export class StoreUnavailable extends Error {
  readonly code = 'store.unavailable';

  constructor(cause: unknown) {
    super('the event store could not be reached in time', { cause });
    this.name = 'StoreUnavailable';
  }
}

/** The unit cannot be kept as it is: nothing was written. */
export class Unstorable extends Error {
  readonly code = 'store.unstorable';

  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'Unstorable';
  }
}

/** Other writers were faster on this stream, every time. */
export class StreamContended extends Error {
  readonly code = 'store.contended';

  constructor(readonly streamId: string) {
    super(`stream ${streamId} changed under every attempt to append to it`);
    this.name = 'StreamContended';
  }
}

/** The stored bytes of an event do not match the digest taken when it was written. */
export class CorruptEvent extends Error {
  readonly code = 'store.corrupt';

  constructor(readonly position: bigint) {
    super(`the event at position ${position} was altered after it was recorded`);
    this.name = 'CorruptEvent';
  }
}

/** The database was restored into a cluster younger than the events in it. */
export class RestoredIntoYoungerCluster extends Error {
  readonly code = 'store.younger_cluster';

  constructor(schema: string) {
    super(
      `The events of schema ${schema} come from an older database cluster whose transaction numbers ` +
        'are ahead of this one, so readers would skip them: restore a physical backup instead of a dump.',
    );
    this.name = 'RestoredIntoYoungerCluster';
  }
}
