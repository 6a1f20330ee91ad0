import { describe, expect, it } from '@jest/globals';
import { presentData } from './timeline.presenter.js';

describe('the data of a timeline event', () => {
  it('is in snake_case, with amounts in credits', () => {
    expect(
      presentData({
        priceMicros: '1500000',
        priceVersion: 'v1',
        decisions: [{ decisionId: 'dec_1' }],
      }),
    ).toEqual({ price: '1.5', price_version: 'v1', decisions: [{ decision_id: 'dec_1' }] });
  });

  it('keeps what is no object as it is', () => {
    expect(presentData({ final: false, code: null, outputs: ['out_A'] })).toEqual({
      final: false,
      code: null,
      outputs: ['out_A'],
    });
  });
});
