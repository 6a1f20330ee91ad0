/**
 * How people use an image service: parameters fitted to published statistics of a production system,
 * no data of which is kept here.
 *
 * Source: GenTD26, a trace of Stable Diffusion serving at Alibaba (26,823 requests in 23 days,
 * Alibaba cluster trace program), offered for research and study. The numbers that were fitted:
 * warm pipeline seconds p50/p95/p99 15.1/35/71; base-model load seconds p10/p50/p95 2.6/22.7/45,
 * with one hump for weights that the host had cached and one for those it had not; 87 base models,
 * of which the first 1/5/10 take 31/70/87 % of the requests; 4,247 accounts, of which the first 1/10
 * make 4.5/15 %.
 */
export const GENTD26 = {
  /** Seconds on a GPU that has loaded the model: log-normal. */
  service: { medianSeconds: 15.1, sigma: 0.57 },
  /** Seconds to load a model: a mixture of two log-normals. */
  loads: [
    { share: 0.3, medianSeconds: 3, sigma: 0.3 },
    { share: 0.7, medianSeconds: 28, sigma: 0.35 },
  ],
  /** Probability of the k-th model: (k + shift)^-exponent, up to a factor; Zipf and Mandelbrot. */
  models: { count: 87, exponent: 2.2, shift: 2.2 },
  accounts: { count: 4_247, exponent: 0.8, shift: 0 },
} as const;
