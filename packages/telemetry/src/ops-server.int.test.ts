import { afterEach, describe, expect, it } from '@jest/globals';
import { OpsServer, startTelemetry, type ReadinessCheck } from './index.js';

const telemetry = startTelemetry({ service: 'ops', logLevel: 'silent' });
let ops: OpsServer | undefined;

const serve = async (checks: Record<string, ReadinessCheck>) => {
  ops = await OpsServer.start({ port: 0, telemetry, checks, checkTimeoutMs: 50 });
  return ops.url;
};
afterEach(() => ops?.close());

const fine = async () => undefined;

describe('OpsServer', () => {
  it('says that the process is up and every dependency usable', async () => {
    const url = await serve({ postgres: fine, nats: fine });
    const health = await fetch(`${url}/health`);
    expect([health.status, await health.json()]).toEqual([200, { status: 'up' }]);
    const ready = await fetch(`${url}/ready`);
    expect([ready.status, await ready.json()]).toEqual([
      200,
      { status: 'ready', checks: { postgres: { status: 'up' }, nats: { status: 'up' } } },
    ]);
  });

  it('names the dependency that is not, and why', async () => {
    const url = await serve({
      postgres: fine,
      nats: async () => {
        throw new Error('no connection');
      },
      sync: () => {
        throw new Error('thrown at once');
      },
      slow: () => new Promise<void>(() => undefined),
    });
    const ready = await fetch(`${url}/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({
      status: 'not_ready',
      checks: {
        postgres: { status: 'up' },
        nats: { status: 'down', fault: 'no connection' },
        sync: { status: 'down', fault: 'thrown at once' },
        slow: { status: 'down', fault: 'no answer within 50 ms' },
      },
    });
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });

  it("serves metrics in Prometheus' text format, and nothing else", async () => {
    const url = await serve({});
    telemetry.meter.createHistogram('wait', { unit: 's' }).record(0.5);
    const metrics = await fetch(`${url}/metrics`);
    expect(metrics.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    const text = await metrics.text();
    expect(text).toMatch(/^wait_count 1$/m);
    expect(text).toContain('service_name="ops"');
    expect((await fetch(`${url}/other`)).status).toBe(404);
    expect((await fetch(`${url}/health`, { method: 'POST' })).status).toBe(405);
  });

  it('reports a port that is taken', async () => {
    await serve({});
    const again = OpsServer.start({ port: ops!.port, telemetry, checks: {} });
    // Port 0 listens on loopback, a named port on all interfaces: the address in use still shows.
    await expect(again).rejects.toThrow(/EADDRINUSE/);
  });
});
