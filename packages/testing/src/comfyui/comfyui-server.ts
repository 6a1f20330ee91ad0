import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Refusal, type Answer } from './answer.js';
import type { Breakage, Place, Prompt } from './execute.js';
import { FileFolders } from './files.js';
import { coreNodes } from './nodes/index.js';
import { PromptQueue } from './prompt-queue.js';
import { route } from './routes.js';
import { Sockets } from './sockets.js';
import { validatePrompt, type Graph } from './validate.js';

/** A graph that the server took, as it was sent. */
export interface SubmittedPrompt {
  readonly promptId: string;
  readonly clientId: string | undefined;
  readonly number: number;
  readonly graph: Graph;
}

export interface ComfyuiServerOptions {
  /** Model files by folder, such as `checkpoints`. */
  readonly models?: Record<string, string[]>;
  /** Refuses prompt ids that are no canonical lower-case UUIDs, as newer builds do. Default true. */
  readonly strictIds?: boolean;
}

/**
 * ComfyUI's classic API (HTTP and websocket), from its protocol as it was observed on a real server
 * (0.3.64) and read in its source. It draws without weights: sizes, counts, orders, names and errors
 * are true, what is seen on the pictures is not.
 */
export class ComfyuiServer {
  readonly submitted: SubmittedPrompt[] = [];
  /** Method and path of every request. */
  readonly requests: string[] = [];
  /** What the next nodes of a class throw. */
  readonly breakages: Breakage[] = [];
  /** Classes that this server does not have. */
  readonly missingNodes = new Set<string>();
  /** Called before every step of a sampler: a test may hold the run there. */
  onStep: ((place: Place) => Promise<void> | void) | undefined;
  /** Called between the end of a run and its entry in the history. */
  beforeHistory: (() => Promise<void> | void) | undefined;
  /** Called with every answer before it is sent: a test may spoil it. The path has no slash in front. */
  spoil: ((path: string, answer: Answer) => Answer) | undefined;
  /** Which of the ready nodes runs next. */
  pick: (ready: readonly string[]) => string | undefined = ([first]) => first;
  /** Answers `/object_info` no more, as a ComfyUI that is still starting. */
  unavailable = false;
  readonly files: FileFolders;
  readonly sockets: Sockets;
  readonly queue: PromptQueue;
  #number = 0;
  readonly #http = http.createServer((request, response) => void this.#answer(request, response));

  private constructor(private readonly options: ComfyuiServerOptions) {
    this.files = new FileFolders(options.models ?? {});
    this.queue = new PromptQueue({
      stage: () => ({
        ...{ known: this.nodes, files: this.files, breakages: this.breakages },
        ...{ pick: this.pick, onStep: this.onStep },
      }),
      send: (type, data, clientId) => this.sockets.send(type, data, clientId),
      preview: ({ clientId, promptId }, nodeId) =>
        this.sockets.preview(clientId, { nodeId, promptId }),
      beforeHistory: () => this.beforeHistory?.(),
    });
    this.sockets = new Sockets((clientId) => this.#greet(clientId));
    this.sockets.attach(this.#http);
  }

  static async start(options: ComfyuiServerOptions = {}): Promise<ComfyuiServer> {
    const server = new ComfyuiServer(options);
    server.#http.listen(0, '127.0.0.1');
    await once(server.#http, 'listening');
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  get nodes() {
    return new Map([...coreNodes].filter(([name]) => !this.missingNodes.has(name)));
  }

  /** Queue, history and cache are gone, as after any restart; nothing in the protocol says so. */
  restart(): void {
    this.queue.restart();
    this.sockets.closeAll();
  }

  async close(): Promise<void> {
    this.restart();
    this.#http.close();
    this.#http.closeAllConnections();
    await once(this.#http, 'close');
  }

  /** Takes a graph, or says what is wrong with it. */
  submit(body: Record<string, unknown>): { status: number; body: unknown } {
    // A prompt that is refused has used up its number too.
    const counter = this.#number;
    this.#number += 1;
    const refuse = (error: unknown, nodeErrors: unknown = {}) => ({
      ...{ status: 400, body: { error, node_errors: nodeErrors } },
    });
    if (body['prompt'] === undefined) return refuse(plainFault('no_prompt', 'No prompt provided'));
    const promptId = typeof body['prompt_id'] === 'string' ? body['prompt_id'] : randomUUID();
    if ((this.options.strictIds ?? true) && !CANONICAL.test(promptId)) {
      return refuse(plainFault('invalid_prompt_id', 'prompt_id must be a canonical UUID'));
    }
    const graph = body['prompt'] as Graph;
    const verdict = validatePrompt(graph, this.nodes, this.files);
    if (verdict.error) return refuse(verdict.error, verdict.nodeErrors);
    const number = numberOf(body, counter);
    const clientId = typeof body['client_id'] === 'string' ? body['client_id'] : undefined;
    const extraData = { ...(body['extra_data'] as object | undefined), client_id: clientId };
    const prompt: Prompt = {
      ...{ number, promptId, graph, extraData, clientId },
      outputs: verdict.outputs,
    };
    this.submitted.push({ promptId, clientId, number, graph });
    this.queue.add(prompt);
    return { status: 200, body: { prompt_id: promptId, number, node_errors: verdict.nodeErrors } };
  }

  #greet(clientId: string): void {
    this.queue.status(clientId);
    const { lastNode } = this.queue;
    // Told to a client that comes back in the middle of its run; it names no prompt.
    if (lastNode?.clientId === clientId) {
      this.sockets.send('executing', { node: lastNode.nodeId }, clientId);
    }
  }

  async #answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    this.requests.push(`${request.method ?? ''} ${request.url ?? ''}`);
    let answer: Answer;
    try {
      answer = await route(this, request);
      answer = this.spoil?.((request.url ?? '').slice(1), answer) ?? answer;
    } catch (error) {
      const status = error instanceof Refusal ? error.status : 500;
      answer = { status, body: Buffer.from(error instanceof Error ? error.message : '') };
    }
    response.writeHead(answer.status, { 'content-type': answer.type ?? 'text/plain' });
    response.end(answer.body);
  }
}

const CANONICAL = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const plainFault = (type: string, message: string) => ({
  ...{ type, message, details: message, extra_info: {} },
});

function numberOf(body: Record<string, unknown>, counter: number): number {
  if (typeof body['number'] === 'number') return body['number'];
  return body['front'] === true ? -counter : counter;
}
