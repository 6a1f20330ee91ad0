import { createHash, randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ObjectStore } from '../object-store.js';
import { ObjectConflict, ObjectNotFound, ObjectSizeDiffers } from '../object-store.js';
import { ObjectKeyRefused } from '../object-key.js';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const png = { mediaType: 'image/png' };

/** Keys that try to leave the store, or to mean two things. */
export const hostileKeys: readonly string[] = [
  '',
  '/',
  '.',
  '..',
  '../a.png',
  'jobs/../../etc/passwd',
  'jobs/..',
  'jobs/./a.png',
  '/etc/passwd',
  'jobs//a.png',
  'jobs/a.png/',
  'jobs\\a.png',
  '..\\a.png',
  'C:/a.png',
  'jobs/a\0.png',
  'jobs/%2e%2e/a.png',
  'jobs/a b.png',
  'jobs/a\n.png',
  'jobs/é.png',
  '.incoming/a.png',
  'jobs/.hidden',
  `${'a'.repeat(129)}.png`,
  `${'abcdefg/'.repeat(80)}a.png`,
  'a/'.repeat(8) + 'a.png',
];

const octets = { mediaType: 'application/octet-stream' };

/** All keys below the prefix, in order. */
async function listed(store: ObjectStore, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const page of store.list(prefix)) keys.push(...page);
  return keys.sort();
}

/** What every adapter of the port must do; run it on each with a factory of empty stores. */
export function objectStoreConformance(name: string, emptyStore: () => Promise<ObjectStore>): void {
  describe(`${name} as an object store`, () => {
    let store: ObjectStore;
    beforeEach(async () => {
      store = await emptyStore();
    });

    it('gives back the bytes, the digest and the media type', async () => {
      const bytes = randomBytes(100_000);
      const stored = await store.put('jobs/job_1/1/out_1.png', bytes, png);
      expect(stored).toEqual({ digest: sha256(bytes), bytes: 100_000 });
      const got = await store.get('jobs/job_1/1/out_1.png');
      expect(got.bytes.equals(bytes)).toBe(true);
      expect(got.mediaType).toBe('image/png');
    });

    it('gives back only what has the size that the asker expects, when one is expected', async () => {
      await store.put('a.png', Buffer.from('four'), png);
      expect((await store.get('a.png', { bytes: 4 })).bytes.toString()).toBe('four');
      for (const bytes of [0, 3, 5]) {
        await expect(store.get('a.png', { bytes })).rejects.toThrow(ObjectSizeDiffers);
      }
      await expect(store.get('b.png', { bytes: 4 })).rejects.toThrow(ObjectNotFound);
    });

    it('streams the same bytes and tells their number first', async () => {
      const bytes = randomBytes(300_000);
      await store.put('a/b.webp', bytes, { mediaType: 'image/webp' });
      const streamed = await store.stream('a/b.webp');
      expect(streamed).toMatchObject({ bytes: 300_000, mediaType: 'image/webp' });
      expect((await buffer(streamed.stream)).equals(bytes)).toBe(true);
    });

    it('streams a range, and nothing beyond the end', async () => {
      await store.put('a.png', Buffer.from('0123456789'), png);
      const read = async (start: number, end: number) => {
        const { stream, bytes } = await store.stream('a.png', { start, end });
        return [bytes, (await buffer(stream)).toString()];
      };
      expect(await read(2, 4)).toEqual([10, '234']);
      expect(await read(8, 100)).toEqual([10, '89']);
      expect(await read(10, 20)).toEqual([10, '']);
    });

    it('stores an empty object', async () => {
      await store.put('empty.json', new Uint8Array(), { mediaType: 'application/json' });
      expect((await store.get('empty.json')).bytes).toHaveLength(0);
    });

    it('stores a view of a larger buffer, not the buffer', async () => {
      const whole = randomBytes(64);
      await store.put('view.png', whole.subarray(8, 16), png);
      expect((await store.get('view.png')).bytes).toEqual(whole.subarray(8, 16));
    });

    it('takes the same bytes again and refuses others; the first stand', async () => {
      const first = await store.put('x.png', Buffer.from('first'), png);
      expect(await store.put('x.png', Buffer.from('first'), png)).toEqual(first);
      await expect(store.put('x.png', Buffer.from('other'), png)).rejects.toThrow(ObjectConflict);
      expect((await store.get('x.png')).bytes.toString()).toBe('first');
    });

    it.each([50_000, 1_000_000])('lets exactly one of %i bytes win a race', async (size) => {
      const contents = Array.from({ length: 8 }, (_, index) => randomBytes(size + (index % 2)));
      const results = await Promise.allSettled(contents.map((c) => store.put('race.png', c, png)));
      const won = contents.filter((_, index) => results[index]?.status === 'fulfilled');
      expect(won).toHaveLength(1);
      expect((await store.get('race.png')).bytes.equals(won[0]!)).toBe(true);
    });

    it('says that an object is not there', async () => {
      await store.put('jobs/1/a.png', Buffer.from('a'), png);
      for (const key of ['jobs/1/b.png', 'jobs/1', 'jobs/1/a.png/b.png']) {
        await expect(store.get(key)).rejects.toThrow(ObjectNotFound);
        await expect(store.stream(key)).rejects.toThrow(ObjectNotFound);
        expect(await store.exists(key)).toBe(false);
      }
      expect(await store.exists('jobs/1/a.png')).toBe(true);
    });

    it('lets others take their turn while somebody asks and asks for what is not there', async () => {
      let turns = 0;
      const count = () => {
        turns += 1;
        if (turns < 3) setImmediate(count);
      };
      setImmediate(count);
      for (let asked = 0; asked < 20 && turns < 3; asked += 1) {
        expect(await store.exists('a.png')).toBe(false);
        await expect(store.get('a.png')).rejects.toThrow(ObjectNotFound);
        await expect(store.stream('a.png')).rejects.toThrow(ObjectNotFound);
      }
      expect(turns).toBe(3);
    });

    it('deletes, also twice, and takes the key anew', async () => {
      await store.put('gone.png', Buffer.from('a'), png);
      await store.delete('gone.png');
      await store.delete('gone.png');
      await expect(store.get('gone.png')).rejects.toThrow(ObjectNotFound);
      await store.put('gone.png', Buffer.from('b'), png);
      expect((await store.get('gone.png')).bytes.toString()).toBe('b');
    });

    it('lists what lies below whole segments, and says when it was put', async () => {
      const before = Date.now() - 2_000;
      const own = ['jobs/j1/1/a.png', 'jobs/j1/2/a.png', 'jobs/j1/inputs/a'];
      const others = ['jobs/j10/1/a.png', 'jobs/j1-1/1/a.png', 'jobs/j1', 'uploads/j1/a'];
      for (const key of [...own, ...others])
        await store.put(key, Buffer.from('a'), key.endsWith('.png') ? png : octets);
      expect(await listed(store, 'jobs/j1')).toEqual(own);
      expect(await listed(store, 'jobs/j1/2')).toEqual(['jobs/j1/2/a.png']);
      expect(await listed(store, 'jobs')).toEqual([...own, ...others.slice(0, 3)].sort());
      expect(await listed(store, 'job')).toEqual([]);
      const [first = ''] = own;
      await store.delete(first);
      expect(await listed(store, 'jobs/j1')).toEqual(own.slice(1));
      expect(await store.writtenAt(first)).toBeUndefined();
      const at = await store.writtenAt('uploads/j1/a');
      expect(at?.getTime()).toBeGreaterThan(before);
      expect(at?.getTime()).toBeLessThan(Date.now() + 2_000);
    });

    it.each(hostileKeys.map((key) => [key]))(
      'refuses the key %j in every operation',
      async (key) => {
        const attempts = [
          () => store.put(key, Buffer.from('x'), png),
          () => store.get(key),
          () => store.stream(key),
          () => store.exists(key),
          () => store.delete(key),
          () => store.writtenAt(key),
          () => listed(store, key),
        ];
        for (const attempt of attempts) await expect(attempt()).rejects.toThrow(ObjectKeyRefused);
      },
    );

    it('refuses a media type that contradicts the extension', async () => {
      const put = store.put('a.png', Buffer.from('x'), { mediaType: 'image/jpeg' });
      await expect(put).rejects.toMatchObject({ code: 'object.key_refused', fault: 'media_type' });
    });
  });
}
