import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readlinkSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ImageIntake, type ImageRun, type IntakeOptions } from './index.js';
import { allBuried, allGone, decodersOf } from './test/decoders.js';
import { drawn, photo } from './test/pictures.js';

const picture = await drawn(photo(64, 48)).png().toBuffer();
/** Takes a tenth of a second to draw anew. */
const large = await drawn(photo(1_200, 1_200)).png({ compressionLevel: 1 }).toBuffer();
const intakes: ImageIntake[] = [];
const started = async (options: Partial<IntakeOptions> = {}) => {
  const intake = await ImageIntake.start({ maxBytes: 10_000_000, workers: 1, ...options });
  intakes.push(intake);
  return intake;
};
afterEach(async () => {
  await Promise.all(intakes.splice(0).map((intake) => intake.close()));
  expect(decodersOf(process.pid)).toEqual([]);
});

/** An intake whose waiting process has been stopped, so that its next picture stays in hand. */
const stuck = async (options: Partial<IntakeOptions> = {}) => {
  const intake = await started(options);
  const [pid] = decodersOf(process.pid) as [number];
  process.kill(pid, 'SIGSTOP');
  return { intake, pid };
};

describe('a process that dies with a picture', () => {
  it.each([
    ['SIGSEGV', 'image.damaged'],
    ['SIGABRT', 'image.damaged'],
    ['SIGXCPU', 'image.timeout'],
    ['SIGKILL', 'image.intake_down'],
  ] as const)('by %s fails that picture alone', async (signal, code) => {
    const { intake, pid } = await stuck();
    const failing = intake.clean(picture);
    const waiting = intake.clean(picture);
    const failed = expect(failing).rejects.toMatchObject({ code });
    process.kill(pid, signal);
    process.kill(pid, 'SIGCONT');
    await failed;
    expect(await waiting).toMatchObject({ width: 64, height: 48 });
    expect(await intake.clean(picture)).toMatchObject({ mediaType: 'image/png' });
  });

  it('before its picture came is replaced without a word', async () => {
    const intake = await started();
    const [pid] = decodersOf(process.pid) as [number];
    process.kill(pid, 'SIGKILL');
    // We bury it as soon as we hear of its end.
    expect(await allBuried([pid])).toBe(true);
    expect(await intake.clean(picture)).toMatchObject({ width: 64 });
  });

  it('because it hangs is killed in time', async () => {
    const runs: ImageRun[] = [];
    const { intake, pid } = await stuck({ timeoutMs: 200, observe: (run) => runs.push(run) });
    await expect(intake.clean(picture)).rejects.toMatchObject({ code: 'image.timeout' });
    expect(await allGone([pid])).toBe(true);
    expect(runs).toMatchObject([{ outcome: 'image.timeout', cpuMs: 0 }]);
    expect(runs[0]!.elapsedMs).toBeGreaterThanOrEqual(200);
  });

  it('because it works too long is killed', async () => {
    const intake = await started({ maxCpuMs: 50 });
    await expect(intake.clean(large)).rejects.toMatchObject({ code: 'image.timeout' });
  });

  it('because it takes too much memory is killed', async () => {
    // Less than the program itself takes: the first look is enough.
    const intake = await started({ maxMemoryMb: 50 });
    await expect(intake.clean(large)).rejects.toMatchObject({ code: 'image.too_complex' });
  });
});

describe('a picture', () => {
  it('is drawn by a process that draws no other', async () => {
    const intake = await started();
    const before = decodersOf(process.pid);
    await intake.clean(picture);
    await intake.clean(picture);
    expect(decodersOf(process.pid).filter((pid) => before.includes(pid))).toEqual([]);
  });

  it('that nobody waits for any more costs its process, and no turn', async () => {
    const { intake, pid } = await stuck();
    const leaving = new AbortController();
    const abandoned = intake.clean(picture, { signal: leaving.signal });
    const next = intake.clean(picture);
    await nextTurn();
    leaving.abort(new Error('the customer left'));
    await expect(abandoned).rejects.toThrow('the customer left');
    expect(await allGone([pid])).toBe(true);
    expect(await next).toMatchObject({ width: 64 });
  });

  it('is refused when too many wait', async () => {
    const { intake, pid } = await stuck({ maxWaiting: 1 });
    const images = [intake.clean(picture), intake.clean(picture)];
    await expect(intake.clean(picture)).rejects.toMatchObject({ code: 'image.intake_busy' });
    process.kill(pid, 'SIGCONT');
    expect(await Promise.all(images)).toHaveLength(2);
  });

  it('is refused by its bytes and its size before it waits', async () => {
    const { intake, pid } = await stuck({
      maxBytes: picture.length,
      maxWaiting: 0,
      maxPixels: 64 * 48,
    });
    const inHand = intake.clean(picture);
    const longer = Buffer.concat([picture, Buffer.from([0])]);
    await expect(intake.clean(longer)).rejects.toThrow(/more than \d+ bytes: compress it/);
    const larger = await drawn(photo(65, 48)).png({ compressionLevel: 9 }).toBuffer();
    await expect(intake.clean(larger.subarray(0, 60))).rejects.toThrow(/65 × 48 .* at most 3072/);
    await expect(intake.clean(Buffer.from('GIF89a'))).rejects.toThrow(/convert it/);
    process.kill(pid, 'SIGCONT');
    expect(await inHand).toMatchObject({ width: 64 });
  });
});

describe('an intake that closes', () => {
  it('finishes the picture in hand, refuses the others, and leaves no process', async () => {
    const { intake, pid } = await stuck();
    const inHand = intake.clean(picture);
    const waiting = expect(intake.clean(picture)).rejects.toMatchObject({
      code: 'image.intake_closed',
    });
    await nextTurn();
    const closed = intake.close();
    await waiting;
    process.kill(pid, 'SIGCONT');
    expect(await inHand).toMatchObject({ width: 64 });
    await closed;
    expect(decodersOf(process.pid)).toEqual([]);
    await expect(intake.clean(picture)).rejects.toMatchObject({ code: 'image.intake_closed' });
    await intake.close();
  });

  it('leaves no process behind when it could not start', async () => {
    const starting = ImageIntake.start({ maxBytes: 1_000, maxMemoryMb: 5 });
    await expect(starting).rejects.toMatchObject({
      code: 'image.intake_down',
      message: 'the image could not be decoded now: send it again',
      cause: { message: expect.stringMatching(/^it does not start: .+/s) },
    });
    expect(decodersOf(process.pid)).toEqual([]);
  });

  it('because its service was killed leaves no process, busy or not', async () => {
    const modules = ['./index.js', './test/pictures.js'];
    const urls = modules.map((path) => new URL(path, import.meta.url).href);
    const program = `
      const { ImageIntake } = await import(process.argv[1]);
      const intake = await ImageIntake.start({ maxBytes: 1_000_000, workers: 3 });
      const { plain } = await import(process.argv[2]);
      void intake.clean(await plain(4_000, 4_000).png().toBuffer());
      setImmediate(() => console.log('started'));`;
    const args = ['--input-type=module', '-e', program, ...urls];
    const service = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(createInterface(service.stdout), 'line');
    const pids = decodersOf(service.pid!);
    expect(pids).toHaveLength(3);
    service.kill('SIGKILL');
    await once(service, 'exit');
    expect(await allGone(pids)).toBe(true);
  });
});

describe('a decoding process', () => {
  it('has no secrets, no folder, and nothing that is both written and run', async () => {
    await started();
    const [pid] = decodersOf(process.pid) as [number];
    const environment = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
    const names = environment.filter(Boolean).map((line) => line.split('=')[0]!);
    expect(names.filter((name) => name !== 'PWD').sort()).toEqual([
      'MALLOC_ARENA_MAX',
      'UV_THREADPOOL_SIZE',
    ]);
    expect(readlinkSync(`/proc/${pid}/cwd`)).toBe('/');
    expect(readFileSync(`/proc/${pid}/maps`, 'latin1')).not.toMatch(/^\S+ .wx/m);
    expect(readFileSync(`/proc/${pid}/oom_score_adj`, 'latin1').trim()).toBe('1000');
  });

  it('is held by the kernel as well', async () => {
    await started();
    const [pid] = decodersOf(process.pid) as [number];
    const limits = readFileSync(`/proc/${pid}/limits`, 'latin1');
    expect(limits).toMatch(/^Max file size +0 +0 /m);
    expect(limits).toMatch(/^Max core file size +0 +0 /m);
    expect(limits).toMatch(/^Max data size +600000512 +600000512 /m);
    expect(limits).toMatch(/^Max cpu time +7 +7 /m);
    expect(limits).toMatch(/^Max open files +64 +64 /m);
  });
});
