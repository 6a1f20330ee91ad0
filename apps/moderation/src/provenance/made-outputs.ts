import type { checkOutputs, StoredOutput } from '@safelight/contracts';
import { hashOfHex, hexOf, type Hash, type Pdq, SAME_WITHIN } from '@safelight/perceptual-hash';
import type pg from 'pg';
import type { z } from 'zod';
import { bandsNear, bandsOf } from './bands.js';

type About = Pick<z.output<typeof checkOutputs.request>, 'jobId' | 'besidePicture'>;

/** Below this a hash says little of a picture, as whoever published PDQ says. */
const LEAST_QUALITY = 50;

const insertText = `
  insert into moderation.made_outputs
    (output_id, job_id, digest, watermark, from_picture, pdq, bands)
  values ($1, $2, $3, $4, $5, ('x' || $6)::bit(256), $7)
  on conflict (output_id) do nothing`;
const watermarkText = `
  select watermark, made_at from moderation.made_outputs
  where watermark = any ($1) order by made_at limit 1`;
const nearestText = `
  select distance, made_at, from_picture
  from moderation.made_outputs
    cross join lateral (select bit_count(pdq # ('x' || $2)::bit(256))::int as distance) as far
  where bands && $1 and distance <= $3
  order by from_picture, distance, made_at limit 1`;

/** An output that looks like a picture. */
export interface Likeness {
  readonly distance: number;
  readonly madeAt: string;
  readonly fromPicture: boolean;
}

/** What is remembered of outputs, by which a copy that lost its marks is known. */
export class MadeOutputs {
  constructor(private readonly pool: pg.Pool) {}

  /**
   * Remembers an output that has a watermark; once, however often it is told.
   *
   * @param pdqs what it looks like, where that was measured
   */
  async note(
    { outputId, digest, watermark }: StoredOutput,
    { jobId, besidePicture }: About,
    [pdq]: readonly Pdq[],
  ): Promise<void> {
    if (watermark === undefined) return;
    const hash = pdq && pdq.quality >= LEAST_QUALITY ? pdq.hashes[0] : undefined;
    const likeness = hash === undefined ? [null, null] : [hexOf(hash), bandsOf(hash)];
    const values = [outputId, jobId, digest, watermark, besidePicture, ...likeness];
    await this.pool.query({ name: 'note-output', text: insertText, values });
  }

  /** Which of these ids an output has, and when it was made. */
  async withWatermark(ids: readonly string[]): Promise<{ id: string; madeAt: string } | null> {
    if (ids.length === 0) return null;
    const query = { name: 'find-watermark', text: watermarkText, values: [ids] };
    const [row] = (await this.pool.query<{ watermark: string; made_at: Date }>(query)).rows;
    return row === undefined ? null : { id: row.watermark, madeAt: row.made_at.toISOString() };
  }

  /** The output that looks most like one of these PDQ hashes; one made from words alone comes first. */
  async nearest(hashes: readonly string[]): Promise<Likeness | null> {
    const asked = hashes.map(hashOfHex).filter((hash) => hash !== undefined);
    const found = await Promise.all(asked.map((hash) => this.near(hash)));
    const order = ({ fromPicture, distance }: Likeness) => Number(fromPicture) * 256 + distance;
    return found.flat().sort((a, b) => order(a) - order(b))[0] ?? null;
  }

  private async near(hash: Hash): Promise<Likeness[]> {
    const values = [bandsNear(hash), hexOf(hash), SAME_WITHIN];
    const query = { name: 'find-likeness', text: nearestText, values };
    type Row = { distance: number; made_at: Date; from_picture: boolean };
    return (await this.pool.query<Row>(query)).rows.map((row) => ({
      distance: row.distance,
      madeAt: row.made_at.toISOString(),
      fromPicture: row.from_picture,
    }));
  }
}
