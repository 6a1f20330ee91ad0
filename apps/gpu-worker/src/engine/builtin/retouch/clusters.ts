type Triple = readonly [number, number, number];

/** A colour in OKLab that many cells share, how far they stray from it, and how many they are. */
interface Cluster {
  readonly mean: Triple;
  readonly variance: number;
  readonly share: number;
}

const ROUNDS = 6;
const LEAST_VARIANCE = 0.0006;

/** What some cells of a picture look like: a few clusters of colours. */
export class ColourModel {
  readonly #clusters: readonly Cluster[];

  /**
   * Clusters the chosen cells by k-means. Starts are spread over the lightnesses, so that the same
   * picture gives the same model.
   */
  constructor(lab: Float32Array, cells: readonly number[], count: number) {
    const sorted = [...cells].sort((a, b) => (lab[a * 3] ?? 0) - (lab[b * 3] ?? 0));
    let means: Triple[] = Array.from({ length: Math.min(count, sorted.length) }, (_, k) =>
      colourOf(lab, sorted[Math.floor(((k + 0.5) / count) * sorted.length)] ?? 0),
    );
    let clusters: Cluster[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      clusters = clustersAround(lab, cells, means);
      means = clusters.map(({ mean }) => mean);
    }
    this.#clusters = clusters;
  }

  /** How strange a cell's colour is here: minus the logarithm of its likelihood, up to 30. */
  strangeness(lab: Float32Array, cell: number): number {
    let least = 30;
    for (const { mean, variance, share } of this.#clusters) {
      if (share === 0) continue;
      const cost = gap(lab, cell, mean) / (2 * variance) + 1.5 * logOf(variance) - logOf(share);
      least = Math.min(least, cost - 1.5 * logOf(LEAST_VARIANCE));
    }
    return least;
  }
}

function clustersAround(
  lab: Float32Array,
  cells: readonly number[],
  means: readonly Triple[],
): Cluster[] {
  const sums = means.map(() => new Float64Array(5));
  for (const cell of cells) {
    const [k, far] = nearest(lab, cell, means);
    const sum = sums[k];
    if (!sum) continue;
    const [l, a, b] = colourOf(lab, cell);
    for (const [i, value] of [1, l, a, b, far].entries()) sum[i] = (sum[i] ?? 0) + value;
  }
  return sums.map(([n = 0, l = 0, a = 0, b = 0, far = 0]) => ({
    mean: [l / Math.max(1, n), a / Math.max(1, n), b / Math.max(1, n)] as const,
    variance: Math.max(LEAST_VARIANCE, far / Math.max(1, n) / 3),
    share: n / cells.length,
  }));
}

function nearest(lab: Float32Array, cell: number, means: readonly Triple[]): [number, number] {
  let [best, least] = [0, Infinity];
  for (const [k, mean] of means.entries()) {
    const far = gap(lab, cell, mean);
    if (far < least) [best, least] = [k, far];
  }
  return [best, least];
}

const colourOf = (lab: Float32Array, cell: number): [number, number, number] => [
  lab[cell * 3] ?? 0,
  lab[cell * 3 + 1] ?? 0,
  lab[cell * 3 + 2] ?? 0,
];

// Squared, with the colour axes counted twice: they are shorter than lightness.
function gap(lab: Float32Array, cell: number, [l, a, b]: Triple): number {
  const dl = (lab[cell * 3] ?? 0) - l;
  const da = (lab[cell * 3 + 1] ?? 0) - a;
  const db = (lab[cell * 3 + 2] ?? 0) - b;
  return dl * dl + 4 * (da * da + db * db);
}

// The natural logarithm by halving and a series: Math.log may round differently elsewhere.
function logOf(value: number): number {
  let [x, halvings] = [Math.max(1e-12, value), 0];
  for (; x < 0.7; halvings++) x *= 2;
  for (; x > 1.4; halvings--) x /= 2;
  const t = (x - 1) / (x + 1);
  const t2 = t * t;
  return (
    2 * t * (1 + t2 * (1 / 3 + t2 * (1 / 5 + t2 * (1 / 7 + t2 / 9)))) -
    halvings * 0.6931471805599453
  );
}
