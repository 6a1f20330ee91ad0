import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Telemetry } from './telemetry.js';

/** What a service's own part of the ops port answers: a status and a body to be sent as JSON. */
export interface OpsAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** @param path the parts of the path after the route's name, decoded */
export type OpsRoute = (path: readonly string[]) => Promise<OpsAnswer>;

/** Resolves when the dependency is usable, rejects with the reason when it is not. */
export type ReadinessCheck = () => Promise<void>;

export interface OpsServerOptions {
  /** 0 takes a free port on the loopback interface; any other port listens on all interfaces. */
  port: number;
  telemetry: Pick<Telemetry, 'logger' | 'metricsText'>;
  checks: Readonly<Record<string, ReadinessCheck>>;
  /** What `/health` tells beside that the process is up. */
  health?: () => Readonly<Record<string, unknown>>;
  /** Further things to ask for, by the first part of their path. */
  routes?: Readonly<Record<string, OpsRoute>>;
  /** How long one check may take, in milliseconds. */
  checkTimeoutMs?: number;
}

interface Answer {
  status: number;
  type: string;
  body: string;
}

const JSON_TYPE = 'application/json; charset=utf-8';

/** What operators and Kubernetes ask a service, on a port of its own, without authentication. */
export class OpsServer {
  private constructor(
    private readonly options: OpsServerOptions,
    private readonly server: Server,
  ) {}

  /** Resolves once the port answers. */
  static async start(options: OpsServerOptions): Promise<OpsServer> {
    const server = createServer();
    const ops = new OpsServer(options, server);
    server.on('request', (request, response) => {
      void ops.answer(request.method ?? '', request.url ?? '').then(({ status, type, body }) => {
        response.writeHead(status, { 'content-type': type }).end(body);
      });
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      const host = options.port === 0 ? '127.0.0.1' : '0.0.0.0';
      server.listen({ port: options.port, host }, resolve);
    });
    return ops;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async answer(method: string, url: string): Promise<Answer> {
    if (method !== 'GET' && method !== 'HEAD') return jsonAnswer(405, { error: 'only GET' });
    switch (url.split('?')[0]) {
      case '/health':
        return jsonAnswer(200, { status: 'up', ...this.options.health?.() });
      case '/ready':
        return this.readiness();
      case '/metrics':
        return this.metrics();
      default:
        return this.further(url);
    }
  }

  private async further(url: string): Promise<Answer> {
    const { routes = {} } = this.options;
    const [name = '', ...path] = (url.split('?')[0] ?? '').split('/').slice(1).map(decoded);
    const route = Object.hasOwn(routes, name) ? routes[name] : undefined;
    if (route === undefined) {
      const names = ['health', 'ready', 'metrics', ...Object.keys(routes)];
      return jsonAnswer(404, { error: `one of ${names.map((one) => `/${one}`).join(', ')}` });
    }
    const { status, body } = await route(path);
    return jsonAnswer(status, body);
  }

  private async readiness(): Promise<Answer> {
    const results = await Promise.all(
      Object.entries(this.options.checks).map(async ([name, check]) => {
        const fault = await this.faultOf(check);
        return [name, fault === undefined ? { status: 'up' } : { status: 'down', fault }] as const;
      }),
    );
    const ready = results.every(([, result]) => result.status === 'up');
    const status = ready ? 'ready' : 'not_ready';
    return jsonAnswer(ready ? 200 : 503, { status, checks: Object.fromEntries(results) });
  }

  private async faultOf(check: ReadinessCheck): Promise<string | undefined> {
    const limitMs = this.options.checkTimeoutMs ?? 2_000;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve(`no answer within ${limitMs} ms`), limitMs);
    });
    const fault = (async () => check())().then(() => undefined, messageOf);
    try {
      return await Promise.race([fault, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  private async metrics(): Promise<Answer> {
    try {
      const body = await this.options.telemetry.metricsText();
      return { status: 200, type: 'text/plain; version=0.0.4; charset=utf-8', body };
    } catch (error) {
      this.options.telemetry.logger.error({ err: error }, 'metrics could not be collected');
      return jsonAnswer(500, { error: 'metrics could not be collected' });
    }
  }
}

const jsonAnswer = (status: number, body: unknown): Answer => ({
  status,
  type: JSON_TYPE,
  body: `${JSON.stringify(body)}\n`,
});

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
