interface Counter {
  add(value: number, attributes?: Record<string, string>): void;
}
interface Histogram {
  record(value: number, attributes?: Record<string, string>): void;
}

/** What the store reports; the house's `Telemetry` fits. All of it is optional. */
export interface StoreTelemetry {
  readonly logger?: { error(fields: object, message: string): void };
  readonly meter?: {
    createCounter(name: string, options?: { description?: string; unit?: string }): Counter;
    createHistogram(name: string, options?: { description?: string; unit?: string }): Histogram;
  };
}

export interface StoreMetrics {
  readonly batch: Histogram | undefined;
  readonly commit: Histogram | undefined;
  readonly retried: Counter | undefined;
}

export function storeMetrics({ meter }: StoreTelemetry): StoreMetrics {
  return {
    batch: meter?.createHistogram('event_store.batch.units', {
      description: 'Appends that shared one database transaction',
    }),
    commit: meter?.createHistogram('event_store.batch.duration', { unit: 'ms' }),
    retried: meter?.createCounter('event_store.batch.retried', {
      description: 'Batches run again after a lost connection, a deadlock or a faulty append',
    }),
  };
}

export interface RelayMetrics {
  readonly published: Counter | undefined;
  readonly rewound: Counter | undefined;
}

export function relayMetrics({ meter }: StoreTelemetry): RelayMetrics {
  return {
    published: meter?.createCounter('outbox.published', {
      description: 'Messages acknowledged by JetStream, by the path they took',
    }),
    rewound: meter?.createCounter('outbox.rewound', {
      description: 'Times the JetStream stream was found wiped or cut',
    }),
  };
}
