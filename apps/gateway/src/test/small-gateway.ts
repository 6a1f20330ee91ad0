import { createConnection } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Body, Controller, Get, HttpCode, Module, Param, Post, Req, Res } from '@nestjs/common';
import { APP_FILTER, NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { startTelemetry } from '@safelight/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../admission/admission.guard.js';
import { ProblemFilter } from '../http/problem.filter.js';
import type { HttpOptions } from '../http/server.js';
import { createHttpAdapter } from '../http/server.js';
import { TELEMETRY } from '../tokens.js';

/** A request that reached a handler. */
export interface Executed {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

const executed: Executed[] = [];
const note = ({ url, headers: { authorization }, body }: FastifyRequest) =>
  executed.push({ path: url, authorization, body });

/** Takes whatever comes and remembers it. */
@Controller('api/v1')
class Notebook {
  @Post('notes')
  @HttpCode(200)
  @Public()
  write(@Req() request: FastifyRequest, @Body() body: unknown) {
    note(request);
    return { data: body ?? null, meta: {} };
  }

  @Get('notes/:id')
  @Public()
  read(@Req() request: FastifyRequest, @Param('id') id: string) {
    note(request);
    return { data: id, meta: {} };
  }

  @Get('page')
  @Public()
  async page(@Res() reply: FastifyReply) {
    const policy = { 'content-security-policy': "default-src 'self'" };
    await reply.headers(policy).type('text/html').send('<p>hello</p>');
  }
}

@Module({})
class NotebookModule {}

/** The gateway's HTTP server with handlers that need nothing behind them. */
export class SmallGateway {
  private constructor(
    private readonly app: NestFastifyApplication,
    readonly port: number,
  ) {}

  static async start(options: HttpOptions = {}): Promise<SmallGateway> {
    const telemetry = startTelemetry({ service: 'test', logLevel: 'silent' });
    const providers = [
      { provide: TELEMETRY, useValue: telemetry },
      { provide: APP_FILTER, useClass: ProblemFilter },
    ];
    const app = await NestFactory.create<NestFastifyApplication>(
      { module: NotebookModule, controllers: [Notebook], providers },
      createHttpAdapter(telemetry, options),
      { logger: false, abortOnError: false, bodyParser: false },
    );
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as AddressInfo;
    return new SmallGateway(app, port);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What reached a handler since this was asked last. */
  takeExecuted(): Executed[] {
    return executed.splice(0);
  }

  /** Sends bytes as they are on a connection of their own. @returns all bytes until the server hangs up */
  exchange(bytes: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = createConnection(this.port, '127.0.0.1', () => socket.write(bytes, 'latin1'));
      let answer = '';
      socket.setEncoding('latin1');
      socket.on('data', (chunk: string) => (answer += chunk));
      socket.on('error', reject);
      socket.on('close', () => resolve(answer));
      socket.on('end', () => socket.end());
    });
  }

  async close(): Promise<void> {
    this.app.getHttpServer().closeAllConnections();
    await this.app.close();
  }
}
