import { BYTES, type Hash, hexOf, type Pdq, SAME_WITHIN } from '@safelight/perceptual-hash';
import { GroupCommit, transact, type Statement } from '@safelight/postgres';
import type pg from 'pg';
import type { Copy } from './takedown.js';

/** Below it a hash says little: flat pictures all look the same. As with banks. */
export const LEAST_QUALITY = 50;
/** How often something made of a copy is followed on to what was made of that. */
const GENERATIONS = 8;

/** A picture that went into or came out of a job. */
export interface Sighting {
  readonly jobId: string;
  readonly accountId: string;
  /** SHA-256 of each form that it had, the first of which its hashes are kept under. */
  readonly digests: readonly string[];
  readonly mediaType: string;
  /** `null` for an input. */
  readonly output: { readonly outputId: string; readonly key: string } | null;
  /** Of the picture, or of each still of a film. */
  readonly pdqs: readonly Pdq[];
}

/** A picture that is looked for. */
export interface Wanted {
  readonly digests: readonly string[];
  /** Hex, each in whatever orientation. */
  readonly hashes: readonly string[];
}

const insertSightings = `
  insert into moderation.sightings
    (digest, job_id, side, account_id, output_id, object_key, media_type)
  select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
    $7::text[])
  on conflict do nothing`;
const insertHashes = `
  insert into moderation.picture_hashes (digest, number, quality, pdq, turned)
  select digest, number, quality, ('x' || pdq)::bit(256), turned
  from unnest($1::text[], $2::int[], $3::int[], $4::text[], $5::bytea[])
    as one (digest, number, quality, pdq, turned)
  on conflict do nothing`;

const likeText = `
  select distinct h.digest
  from moderation.picture_hashes h
  join unnest($1::text[]) as wanted (hex)
    on bit_count(h.pdq # ('x' || wanted.hex)::bit(256)) <= ${SAME_WITHIN}
  where h.quality >= ${LEAST_QUALITY}`;
const outputsText = `
  select s.digest, s.job_id, s.account_id, s.output_id, s.object_key, s.media_type
  from moderation.sightings s
  where s.side = 'output' and (s.digest = any($1::text[]) or s.job_id = any($2::text[]))
  order by s.object_key`;
const madeFromText = `
  select distinct job_id from moderation.sightings
  where side = 'input' and digest = any($1::text[])`;
const turnedText = `
  select digest, turned from moderation.picture_hashes
  where digest = any($1::text[]) and quality >= ${LEAST_QUALITY}`;

interface OutputRow {
  readonly digest: string;
  readonly job_id: string;
  readonly account_id: string;
  readonly output_id: string;
  readonly object_key: string;
  readonly media_type: string;
}

/** Which pictures were seen where, and what they look like: copies are found by it. */
export class Sightings {
  private readonly writer: GroupCommit<Sighting, undefined>;

  constructor(private readonly pool: pg.Pool) {
    this.writer = new GroupCommit({ maxBatch: 256, run: (all) => this.write(all) });
  }

  /** Resolves once it is kept; again, it changes nothing. */
  async record(sighting: Sighting): Promise<void> {
    await this.writer.submit(sighting);
  }

  /** Everything that came out here with the same bytes, that looks alike, or was made from it. */
  async copiesOf(wanted: Wanted, named: readonly string[]): Promise<Copy[]> {
    const copies = new Map<string, Copy>();
    const add = (rows: readonly OutputRow[], how: (row: OutputRow) => Copy['how']) => {
      const fresh = rows.filter((row) => !copies.has(row.object_key));
      for (const row of fresh) copies.set(row.object_key, copyOf(row, how(row)));
      return fresh;
    };
    const alike = await this.like(wanted.hashes);
    const same = new Set(wanted.digests);
    const first = await this.outputs([...same, ...alike], []);
    add(first, ({ digest, object_key }) => {
      if (named.includes(object_key)) return 'named';
      return same.has(digest) ? 'same-bytes' : 'looks-alike';
    });
    let frontier = [...new Set([...same, ...alike, ...first.map(({ digest }) => digest)])];
    for (let generation = 0; generation < GENERATIONS && frontier.length > 0; generation++) {
      const jobs = await this.madeFrom(frontier);
      const made = jobs.length === 0 ? [] : await this.outputs([], jobs);
      frontier = add(made, () => 'made-from').map(({ digest }) => digest);
    }
    return [...copies.values()];
  }

  /** What a job, or one output of it, looks like. */
  async wantedOf(
    jobId: string,
    outputId: string | null,
  ): Promise<{ wanted: Wanted; named: string[] }> {
    const rows = await this.outputs([], [jobId]);
    const meant = rows.filter((row) => outputId === null || row.output_id === outputId);
    const digests = meant.map(({ digest }) => digest);
    const wanted = { digests, hashes: await this.hashesOf(digests) };
    return { wanted, named: meant.map(({ object_key }) => object_key) };
  }

  /** In all eight orientations. */
  async hashesOf(digests: readonly string[]): Promise<string[]> {
    const query = { name: 'turned-hashes', text: turnedText, values: [digests] };
    const { rows } = await this.pool.query<{ turned: Buffer }>(query);
    return rows.flatMap(({ turned }) =>
      Array.from({ length: turned.length / BYTES }, (_, at) =>
        turned.toString('hex', at * BYTES, (at + 1) * BYTES),
      ),
    );
  }

  /** Digests of pictures that look like one of these. A scan: a million take about a second. */
  private async like(hashes: readonly string[]): Promise<string[]> {
    if (hashes.length === 0) return [];
    const query = { name: 'like-pictures', text: likeText, values: [hashes] };
    return (await this.pool.query<{ digest: string }>(query)).rows.map(({ digest }) => digest);
  }

  private async outputs(digests: readonly string[], jobs: readonly string[]): Promise<OutputRow[]> {
    const query = { name: 'sighted-outputs', text: outputsText, values: [digests, jobs] };
    return (await this.pool.query<OutputRow>(query)).rows;
  }

  /** Jobs into which one of these went, as it was or nearly so. */
  private async madeFrom(digests: readonly string[]): Promise<string[]> {
    const alike = await this.like(await this.hashesOf(digests));
    const query = { name: 'made-from', text: madeFromText, values: [[...digests, ...alike]] };
    return (await this.pool.query<{ job_id: string }>(query)).rows.map(({ job_id }) => job_id);
  }

  private async write(sightings: readonly Sighting[]): Promise<undefined[]> {
    const rows = sightings.flatMap((one) => one.digests.map((digest) => rowOf(one, digest)));
    const statements: Statement[] = [statementOf('insert-sightings', insertSightings, rows, 7)];
    const hashes = sightings.flatMap(hashRowsOf);
    if (hashes.length > 0) {
      statements.push(statementOf('insert-picture-hashes', insertHashes, hashes, 5));
    }
    await transact(this.pool, statements);
    return sightings.map(() => undefined);
  }
}

const rowOf = ({ jobId, accountId, mediaType, output }: Sighting, digest: string) => [
  ...[digest, jobId, output === null ? 'input' : 'output', accountId],
  ...[output?.outputId ?? null, output?.key ?? null, mediaType],
];

const hashRowsOf = ({ digests: [digest], pdqs }: Sighting): unknown[][] =>
  pdqs.flatMap(({ hashes, quality }, number) => {
    const [asItIs] = hashes;
    if (digest === undefined || asItIs === undefined) return [];
    return [[digest, number, quality, hexOf(asItIs), bytesOf(hashes)]];
  });

const bytesOf = (hashes: readonly Hash[]): Buffer =>
  Buffer.concat(hashes.map((hash) => Buffer.from(hexOf(hash), 'hex')));

/** In one order of keys, so that two writers never wait for each other in a circle. */
function statementOf(
  name: string,
  text: string,
  rows: readonly (readonly unknown[])[],
  width: number,
): Statement {
  const ordered = rows.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const columns = Array.from({ length: width }, (_, at) => ordered.map((row) => row[at]));
  return { name, text, values: columns };
}
const keyOf = ([digest, second]: readonly unknown[]): string =>
  `${String(digest)} ${String(second)}`;

const copyOf = (row: OutputRow, how: Copy['how']): Copy => ({
  ...{ objectKey: row.object_key, jobId: row.job_id, outputId: row.output_id },
  ...{ accountId: row.account_id, digest: row.digest, mediaType: row.media_type, how },
});
