import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@safelight/testing';
import { DispatchPlace, ended } from '../bench/dispatch-place.js';
import { SimulatedFleet } from '../bench/simulated-fleet.js';

const JOBS = 1_500;
const WORKERS = 60;
/** What they say of being killed is known. */
const quiet = { LOG_LEVEL: 'silent' };
const PATIENCE = { deadlineMs: 120_000 };
const SEED = Number(process.env['SCALE_SEED'] ?? Date.now() % 100_000);

let place: DispatchPlace;
let fleet: SimulatedFleet;
beforeAll(async () => {
  place = await DispatchPlace.build();
  fleet = await SimulatedFleet.start(place.nats.url, {
    ...{ workers: WORKERS, connections: 2, slots: 2, heartbeatMs: 500 },
    workMs: () => 20,
  });
}, 120_000);
afterAll(async () => {
  await fleet.stop();
  await place.close();
}, 60_000);

const accepted = (wanted: number) => eventually(() => fleet.sightings.accepted >= wanted, PATIENCE);

describe(`a dispatcher process that is killed (seed ${SEED})`, () => {
  it('leaves a queue from which the next one goes on: nothing lost, nothing leased twice', async () => {
    expect(await place.seed(JOBS)).toBe(JOBS);
    let dispatcher = await place.dispatcher(quiet);
    // Twice in the midst of it, with leases, reports and assignments under way.
    for (const share of [0.2, 0.5]) {
      await accepted(JOBS * (share + (SEED % 100) / 1_000));
      const { epoch } = fleet.sightings;
      await ended(dispatcher.child, 'SIGKILL');
      // What comes while nobody leads is served with the rest.
      await place.submit(50);
      dispatcher = await place.dispatcher(quiet);
      await eventually(() => fleet.sightings.epoch > epoch, PATIENCE);
    }
    await eventually(async () => (await place.open()) === 0, PATIENCE);
    expect(await place.faults()).toEqual({ lost: 0, leasedTwice: 0, endedTwice: 0 });
    expect(fleet.sightings.twice).toEqual([]);
    expect(await place.leases()).toBeGreaterThanOrEqual(JOBS + 100);
    await ended(dispatcher.child, 'SIGKILL');
  }, 300_000);

  it('changes nothing any more when it was only suspended, and wakes up under the next one', async () => {
    await place.seed(JOBS);
    const before = fleet.sightings.accepted;
    const old = await place.dispatcher(quiet);
    await accepted(before + JOBS / 5);
    const { epoch } = fleet.sightings;
    old.child.kill('SIGSTOP');
    await place.depose();
    const present = await place.dispatcher(quiet);
    await eventually(() => fleet.sightings.epoch > epoch, PATIENCE);
    // It wakes up with all that it had in hand: assignments, reports, offers that came meanwhile.
    old.child.kill('SIGCONT');
    await eventually(async () => (await place.open()) === 0, PATIENCE);
    expect(await place.faults()).toEqual({ lost: 0, leasedTwice: 0, endedTwice: 0 });
    expect(fleet.sightings.twice).toEqual([]);
    await ended(old.child, 'SIGKILL');
    await ended(present.child, 'SIGKILL');
  }, 300_000);

  it('is found out by these counts if it loses a job or leases one twice', async () => {
    await place.seed(2);
    await place.tamper();
    expect(await place.faults()).toEqual({ lost: 1, leasedTwice: 1, endedTwice: 0 });
  }, 60_000);
});
