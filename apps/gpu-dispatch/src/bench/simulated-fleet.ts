import {
  connectBus,
  RequestClient,
  SafelightServer,
  type BusConnection,
} from '@safelight/messaging';
import { startTelemetry } from '@safelight/telemetry';
import { SimulatedWorker, type Sightings, type WorkerHabits } from './simulated-worker.js';

export interface FleetSize extends WorkerHabits {
  readonly workers: number;
  /** Connections to NATS that they share; each worker has subjects of its own all the same. */
  readonly connections: number;
}

const telemetry = startTelemetry({ service: 'fleet', logLevel: 'silent' });

/** Many workers in one process, on the bus as real ones are. */
export class SimulatedFleet {
  readonly sightings: Sightings = {
    ...{ accepted: 0, completed: 0, epoch: 0, epochSinceMs: 0 },
    ...{ twice: [], attempts: new Set() },
  };
  private readonly workers: SimulatedWorker[] = [];
  private readonly buses: BusConnection[] = [];
  private readonly servers: SafelightServer[] = [];

  /** Resolves when every worker can be asked; their first offers come over one heartbeat. */
  static async start(natsUrl: string, size: FleetSize): Promise<SimulatedFleet> {
    const fleet = new SimulatedFleet();
    for (let n = 0; n < size.connections; n += 1) await fleet.connect(natsUrl, n, size);
    fleet.workers.forEach((worker, n) =>
      worker.start((n / fleet.workers.length) * size.heartbeatMs),
    );
    return fleet;
  }

  async stop(): Promise<void> {
    for (const worker of this.workers) worker.stop();
    for (const server of this.servers) await server.close();
    for (const bus of this.buses) await bus.close();
  }

  private async connect(url: string, connection: number, size: FleetSize): Promise<void> {
    const { logger } = telemetry;
    const bus = await connectBus({ url, name: `fleet ${connection}`, logger });
    const requests = new RequestClient(bus, telemetry);
    const server = new SafelightServer({ bus, telemetry, service: 'fleet', streams: [] });
    for (let n = connection; n < size.workers; n += size.connections) {
      const worker = new SimulatedWorker(`sim-${n}`, requests, size, this.sightings);
      worker.answerOn(server);
      this.workers.push(worker);
    }
    await new Promise<void>((resolve, reject) => {
      void server.listen((error) => {
        if (error === undefined) resolve();
        else reject(new Error('the fleet cannot listen', { cause: error }));
      });
    });
    this.buses.push(bus);
    this.servers.push(server);
  }
}
