import type { Operation } from '@safelight/contracts';
import type { BusConnection } from '@safelight/messaging';
import { SafelightServer } from '@safelight/messaging';
import type { Telemetry } from '@safelight/telemetry';
import type { z } from 'zod';

type Answer<Op extends Operation> = (
  request: z.output<Op['request']>,
) => z.input<Op['reply']> | Promise<z.input<Op['reply']>>;

/** A neighbour that answers over the real bus, and that can be away. */
export class FakeService {
  private readonly answers: ((server: SafelightServer) => void)[] = [];
  private server: SafelightServer | undefined;

  constructor(
    private readonly service: string,
    private readonly bus: BusConnection,
    private readonly telemetry: Telemetry,
  ) {}

  on<Op extends Operation>(operation: Op, answer: Answer<Op>): this {
    this.answers.push((server) => server.answer(operation, answer));
    return this;
  }

  async up(): Promise<void> {
    if (this.server !== undefined) return;
    const { bus, telemetry, service } = this;
    const server = new SafelightServer({ bus, telemetry, service, streams: [] });
    for (const register of this.answers) register(server);
    await new Promise<void>((resolve, reject) => {
      const done = (error?: unknown) => {
        if (error === undefined) resolve();
        else reject(new Error('the fake did not start', { cause: error }));
      };
      void server.listen(done);
    });
    this.server = server;
  }

  async down(): Promise<void> {
    await this.server?.close();
    this.server = undefined;
  }
}
