import { describe, expect, it } from '@jest/globals';
import { DomainError, type Decider } from '@safelight/event-sourcing';
import { EventStore } from '../event-store.js';
import { StreamContended } from '../faults.js';
import { context, newId, schema, storeDatabase } from '../test/store-database.js';
import { CommandHandler } from './command-handler.js';

type TallyEvent = { type: 'Opened'; limit: number } | { type: 'Added'; amount: number };
type TallyCommand = { type: 'Open'; limit: number } | { type: 'Add'; amount: number };
interface Tally {
  limit: number | undefined;
  total: number;
}

const tally: Decider<TallyCommand, TallyEvent, Tally> = {
  initialState: () => ({ limit: undefined, total: 0 }),
  evolve: (state, event) =>
    event.type === 'Opened'
      ? { ...state, limit: event.limit }
      : { ...state, total: state.total + event.amount },
  decide: (command, state) => {
    if (command.type === 'Open') {
      return state.limit === undefined ? [{ type: 'Opened', limit: command.limit }] : [];
    }
    if (state.limit === undefined) throw new DomainError('tally.not_open');
    if (state.total + command.amount > state.limit) throw new DomainError('tally.full');
    return [{ type: 'Added', amount: command.amount }];
  },
};

const database = storeDatabase();
const newHandler = (decider = tally) =>
  new CommandHandler({
    store: new EventStore({ pool: database.runtime, schema }),
    decider,
    streamOf: (id) => `tally-${id}`,
  });
const meta = (commandId = newId('command')) => ({ commandId, context });
const open: TallyCommand = { type: 'Open', limit: 100 };
const add = (amount: number): TallyCommand => ({ type: 'Add', amount });

describe('a command handler', () => {
  it('decides several commands one upon the other, and by the state if asked', async () => {
    const handler = newHandler();
    const id = newId('t');
    const first = await handler.handle(id, [open, add(10)], meta());
    expect(first).toMatchObject({ status: 'appended', version: 2, state: { total: 10 } });
    const rest = await handler.handle(id, ({ limit = 0, total }) => add(limit - total), meta());
    expect(rest).toMatchObject({ status: 'appended', version: 3, state: { total: 100 } });
    expect(await handler.load(id)).toEqual({ state: rest.state, version: 3 });
  });

  it('says when nothing happened, and refuses with the code of the decider', async () => {
    const handler = newHandler();
    const id = newId('t');
    await expect(handler.handle(id, add(1), meta())).rejects.toMatchObject({
      code: 'tally.not_open',
    });
    await handler.handle(id, open, meta());
    const again = await handler.handle(id, open, meta());
    expect(again).toEqual({
      status: 'nothing',
      events: [],
      state: { limit: 100, total: 0 },
      version: 1,
    });
  });

  it('answers a repeated command with its earlier events, whatever it would decide now', async () => {
    const handler = newHandler();
    const id = newId('t');
    const opened = await handler.handle(id, open, meta('c1'));
    const added = await handler.handle(id, add(60), meta('c2'));
    for (const asked of [handler, newHandler()]) {
      // Nothing to decide; refused; and something to decide.
      const nothing = await asked.handle(id, open, meta('c1'));
      const refused = await asked.handle(id, add(60), meta('c2'));
      const possible = await asked.handle(id, add(1), meta('c2'));
      expect(nothing).toMatchObject({ status: 'repeated', events: opened.events, version: 2 });
      expect(refused).toMatchObject({ status: 'repeated', events: added.events });
      expect(possible).toMatchObject({ status: 'repeated', events: added.events });
    }
  });

  it('takes the effect of a message once', async () => {
    const handler = newHandler();
    const id = newId('t');
    const inbox = { consumer: 'tallies', messageId: newId('m') };
    await handler.handle(id, open, { ...meta(), inbox });
    const again = await handler.handle(id, add(5), { ...meta(), inbox });
    expect(again).toMatchObject({ status: 'duplicate', events: [], state: { total: 0 } });
  });

  it('never believes a cached state that nothing happens or that a command is refused', async () => {
    const [here, there] = [newHandler(), newHandler()];
    const [full, absent] = [newId('t'), newId('t')];
    for (const id of [full, absent]) await here.handle(id, { type: 'Open', limit: 10 }, meta());
    await there.handle(full, add(10), meta());
    await expect(here.handle(full, add(1), meta())).rejects.toMatchObject({ code: 'tally.full' });
    // Here the cache says "open, 0 of 10"; the truth has moved on underneath.
    await there.handle(absent, add(9), meta());
    const last = await here.handle(absent, add(1), meta());
    expect(last).toMatchObject({ status: 'appended', state: { total: 10 }, version: 3 });
  });

  it('lets 60 commands of two processes on one aggregate all take effect', async () => {
    const handlers = [newHandler(), newHandler()];
    const id = newId('t');
    await handlers[0]!.handle(id, open, meta());
    const retrying = async (index: number): Promise<void> => {
      const own = meta();
      for (;;) {
        try {
          await handlers[index % 2]!.handle(id, add(1), own);
          return;
        } catch (error) {
          if (!(error instanceof StreamContended)) throw error;
        }
      }
    };
    await Promise.all(Array.from({ length: 60 }, (_, index) => retrying(index)));
    const final = await newHandler().load(id);
    expect(final).toEqual({ state: { limit: 100, total: 60 }, version: 61 });
    for (const handler of handlers) expect(await handler.load(id)).toEqual(final);
  });

  it('gives up after five conflicts', async () => {
    const rival = new EventStore({ pool: database.runtime, schema });
    const id = newId('t');
    const streamId = `tally-${id}`;
    let rivals = 0;
    const store = new EventStore({ pool: database.runtime, schema });
    const beaten: typeof store.append = async (unit) => {
      rivals += 1;
      const event: TallyEvent = { type: 'Added', amount: 0 };
      const { expectedVersion } = unit;
      const commandId = `rival-${rivals}`;
      await rival.append({ streamId, expectedVersion, commandId, events: [event], context });
      return store.append(unit);
    };
    const handler = new CommandHandler({
      store: { append: beaten, read: store.read.bind(store) } as EventStore,
      decider: tally,
      streamOf: (name) => `tally-${name}`,
    });
    await expect(handler.handle(id, open, meta())).rejects.toThrow(StreamContended);
    expect(rivals).toBe(5);
  });

  it('does not mistake a bug in the decider for a refusal', async () => {
    const handler = newHandler({
      ...tally,
      decide: () => {
        throw new TypeError('bug');
      },
    });
    await expect(handler.handle(newId('t'), open, meta())).rejects.toThrow(TypeError);
  });
});
