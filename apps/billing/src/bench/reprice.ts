import type { PricedItem } from '@safelight/contracts';
import { createPool } from '@safelight/postgres';
import { Ledger } from '../ledger/ledger.writer.js';
import { linesToKeep } from '../pricing/lines.js';
import { previewPrices } from '../pricing/operator/operator.js';
import { progressBar } from '../pricing/operator/progress-bar.js';
import { tellPreview } from '../pricing/operator/tell-preview.js';
import { canonicalItem, priceOf } from '../pricing/price.js';
import { billingDatabases } from '../test/billing-database.js';
import { book, rule, written } from '../test/books.js';
import { capture, grant } from '../test/commands.js';

/**
 * A month's jobs under a new price book: `node dist/bench/reprice.js [jobs]`, 100,000 unless said
 * otherwise. The ledger itself writes them, in batches: rows of anybody else's making would have to
 * know its tables and pass its checks.
 */
const jobs = Number(process.argv[2] ?? 100_000);
const accounts = 250;
const inFlight = 512;

const sides = [256, 512, 768, 1024, 1280, 1536];

/** Of thousands of kinds: sizes, steps, counts, models, lanes. */
const itemOf = (n: number): PricedItem => ({
  operation: (['generate', 'edit', 'upscale'] as const)[n % 3] ?? 'generate',
  model: `studio/model-${n % 17}`,
  width: sides[n % 6] ?? 512,
  height: sides[(n * 7) % 5] ?? 512,
  steps: 10 + (n % 41),
  images: 1 + (n % 4),
  lane: n % 5 === 0 ? 'batch' : 'standard',
});

async function fill(url: string): Promise<void> {
  const pool = createPool({ url, applicationName: 'fill' });
  const ledger = new Ledger({ pool });
  const prices = book();
  for (let n = 0; n < accounts; n += 1) await ledger.execute(grant(`acc${n}`, 10n ** 13n));
  let next = 0;
  const worker = async () => {
    for (let n = next++; n < jobs; n = next++) {
      const item = itemOf(n);
      const { priceMicros, priceVersion, lines } = priceOf(item, prices);
      const holdId = `job${n}`;
      await ledger.execute({
        ...{ type: 'PlaceHold', holdId, accountId: `acc${n % accounts}`, lifetimeMs: 3_600_000 },
        ...{ priceMicros, priceVersion, item: canonicalItem(item), lines: linesToKeep(lines) },
      });
      await ledger.execute(capture(holdId, item.images - (n % 50 === 0 ? 1 : 0), item.images));
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  await pool.end();
}

/** Enlarging and many steps become dearer, the batch lane cheaper. */
const changed = written({
  version: 'bench',
  effective_from: new Date(Date.now() + 3_600_000).toISOString(),
  rules: [
    rule({ id: 'upscaled-image', operations: ['upscale'], credits: '0.6' }),
    rule({
      id: 'image',
      operations: ['generate', 'edit'],
      steps: [{ above: 40, surcharge_percent: 25 }],
    }),
  ],
  lanes: {
    interactive: { discount_percent: 0 },
    standard: { discount_percent: 0 },
    batch: { discount_percent: 40 },
  },
});

const postgres = await billingDatabases();
try {
  const { url } = await postgres.create();
  const filledFromMs = performance.now();
  await fill(url);
  console.log(`wrote ${jobs} jobs in ${Math.round(performance.now() - filledFromMs)} ms`);
  const startMs = performance.now();
  const preview = await previewPrices({ url, written: changed }, progressBar(process.stderr));
  const tookMs = Math.round(performance.now() - startMs);
  if (!preview.ok) throw new Error(JSON.stringify(preview.faults));
  for (const line of tellPreview(preview)) console.log(line);
  console.log(`\nre-priced ${jobs} jobs in ${tookMs} ms`);
} finally {
  await postgres.stop();
}
