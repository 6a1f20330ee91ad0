import { Recurring } from '@safelight/telemetry';
import { BoardFleet } from './admission/board-fleet.js';
import { Forecaster } from './admission/forecaster.js';
import { Gate } from './admission/gate.js';
import { WaitingRoom } from './admission/waiting-room.js';
import type { ReignParts } from './dispatcher/reign-parts.js';
import { readLearned, saveLearned } from './models/learned.sql.js';
import { PoolBook } from './pools/pool-book.js';
import { readPoolPasts, readPools, savePoolPasts } from './pools/pools.sql.js';
import { Scaling } from './scaling/scaling.js';
import type pg from 'pg';

export const FORESIGHT = Symbol('foresight');

/**
 * What the dispatcher expects, in one reign: of pools, runtimes, waits. It begins with what an earlier
 * reign learned and keeps what it learns; operators' words about pools are read again and again.
 */
export class Foresight {
  readonly forecaster: Forecaster;
  readonly gate: Gate;
  readonly scaling: Scaling;
  private readonly turns: Recurring;

  private constructor(
    private readonly parts: ReignParts,
    private readonly pool: pg.Pool,
    readonly pools: PoolBook,
  ) {
    const { board, config, telemetry } = parts;
    const fleet = new BoardFleet(board, pools);
    this.forecaster = new Forecaster(fleet, (error) =>
      telemetry.logger.error({ err: error }, 'a forecast failed: an estimate stands in for it'),
    );
    board.onLease = (jobId) => this.forecaster.began(jobId, Date.now());
    board.onDone = (jobId) => this.forecaster.ended(jobId, Date.now());
    this.gate = new Gate(this.forecaster, new WaitingRoom(), Math.random);
    this.scaling = new Scaling(board, pools, performance.now());
    const onFailure = (error: unknown) =>
      telemetry.logger.warn(
        { err: error },
        'what was learned could not be kept, or pools not read',
      );
    this.turns = new Recurring(() => this.turn(), config.POOLS_EVERY_MS, onFailure);
  }

  static async begin(parts: ReignParts, pool: pg.Pool): Promise<Foresight> {
    const [described, pasts, learned] = await Promise.all([
      readPools(pool),
      readPoolPasts(pool),
      readLearned(pool),
    ]);
    parts.board.speeds.restore(learned);
    return new Foresight(parts, pool, new PoolBook(described, pasts));
  }

  start(): void {
    this.turns.start();
  }

  /** Keeps what was learned last; what cannot be kept is lost, and learned again. */
  async end(): Promise<void> {
    await this.turns.close();
    await this.keep().catch(() => undefined);
  }

  private async turn(): Promise<void> {
    this.pools.describe(await readPools(this.pool));
    // Also where nobody asks: the wish for a first worker has to begin when its job comes.
    this.scaling.read(performance.now());
    await this.keep();
  }

  private async keep(): Promise<void> {
    const { speeds } = this.parts.board;
    const { epoch } = this.parts;
    const learned = speeds.takeChanges();
    const pasts = this.pools.takeChanges();
    try {
      if (pasts.length > 0) await savePoolPasts(this.pool, epoch, pasts);
      await saveLearned(this.pool, epoch, learned);
    } catch (error) {
      speeds.giveBack(learned);
      this.pools.giveBack(pasts);
      throw error;
    }
  }
}
