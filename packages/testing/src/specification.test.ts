import { describe, expect, it } from '@jest/globals';
import { DomainError, type Decider } from '@safelight/event-sourcing';
import { processSpecificationOf, specificationOf } from './specification.js';

type LampEvent = { type: 'SwitchedOn' } | { type: 'Broke' };
const lamp: Decider<'on', LampEvent, string> = {
  initialState: () => 'off',
  evolve: (_state, event) => (event.type === 'Broke' ? 'broken' : 'on'),
  decide: (_command, state) => {
    if (state === 'broken') throw new DomainError('lamp.broken', { priceMicros: 5n });
    return state === 'on' ? [] : [{ type: 'SwitchedOn' }];
  },
};
const given = specificationOf(lamp);

describe('specificationOf', () => {
  it('passes when the decider does what is said', () => {
    given().when('on').then({ type: 'SwitchedOn' });
    given({ type: 'SwitchedOn' }).when('on').thenNothing();
    given({ type: 'Broke' }).when('on').thenRefused('lamp.broken');
  });

  it('fails when it does anything else, and shows what', () => {
    const on = given().when('on');
    const broken = given({ type: 'Broke' }).when('on');
    expect(() => on.then({ type: 'Broke' })).toThrow(/SwitchedOn[^]*Broke|Broke[^]*SwitchedOn/);
    expect(() => on.thenNothing()).toThrow('SwitchedOn');
    expect(() => on.thenRefused('lamp.broken')).toThrow('SwitchedOn');
    expect(() => broken.then({ type: 'SwitchedOn' })).toThrow('lamp.broken');
    expect(() => broken.thenNothing()).toThrow('5n');
    expect(() => broken.thenRefused('lamp.other')).toThrow('lamp.broken');
  });

  it('does not take a bug for a refusal', () => {
    const buggy = specificationOf<'on', LampEvent, string>({
      ...lamp,
      decide: () => {
        throw new TypeError('bug');
      },
    });
    expect(() => buggy().when('on').thenRefused('bug')).toThrow(TypeError);
  });
});

it('specifies a process manager by the commands that are due', () => {
  const after = processSpecificationOf<LampEvent, string, number>({
    initialState: () => 0,
    evolve: (broken, event) => broken + Number(event.type === 'Broke'),
    react: (broken) => Array.from({ length: broken }, () => 'replace'),
  });
  after({ type: 'SwitchedOn' }).thenNothing();
  after({ type: 'Broke' }, { type: 'Broke' }).then('replace', 'replace');
  expect(() => after({ type: 'Broke' }).thenNothing()).toThrow('replace');
  expect(() => after().then('replace')).toThrow('replace');
});
