/**
 * Says yes in place of the services behind the gateway, at once and without doing anything, so that
 * what a submit costs the gateway itself can be told apart. Argument: NATS URL.
 */
import { grantCredits, submitJob } from '@safelight/contracts';
import { connectBus, SafelightServer } from '@safelight/messaging';
import { startTelemetry } from '@safelight/telemetry';

const [url = ''] = process.argv.slice(2);
const telemetry = startTelemetry({ service: 'stand-in', logLevel: 'warn' });
const bus = await connectBus({ url, name: 'stand-in', logger: telemetry.logger });
const server = new SafelightServer({ bus, telemetry, service: 'stand-in', streams: [] });
server.answer(grantCredits, ({ amountMicros }) => ({
  availableMicros: amountMicros,
  heldMicros: 0n,
}));
server.answer(submitJob, () => ({
  status: 'pending' as const,
  priceMicros: 1_000_000n,
  availableMicros: 1_000_000n,
  etaSeconds: 1,
  queuePosition: 1,
}));
await server.listen((error) => {
  if (error !== undefined) throw error as Error;
});
