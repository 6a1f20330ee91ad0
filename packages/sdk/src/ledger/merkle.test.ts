import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { auditPath, consistencyPath, treeHash } from '../test/naive-tree.js';
import { emptyRoot, leafHash, nodeHash } from './hashes.js';
import { rootFromPath, rootsFromConsistency } from './merkle.js';

/** The eight leaves of Certificate Transparency's own tests, and the roots of the first 0 to 8. */
const published = {
  leaves: [
    ...['', '00', '10', '2021', '3031', '40414243', '5051525354555657'],
    '606162636465666768696a6b6c6d6e6f',
  ].map((hex) => Buffer.from(hex, 'hex')),
  roots: [
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ],
};
const a = '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d';
const b = '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7';
const cd = '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e';
const e = 'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b';
const ef = '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a';
const gh = 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0';
const efgh = '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4';
const abcd = 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7';
const ab = 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125';

const bytes = (path: readonly string[]) => path.map((hex) => Buffer.from(hex, 'hex'));
const hex = (root: Uint8Array | undefined) => root && Buffer.from(root).toString('hex');
const root = (size: number) => published.roots[size]!;

describe('the published tree of eight leaves', () => {
  it('has the published roots, at every size from 0', () => {
    const roots = published.roots.map((_, size) => hex(treeHash(published.leaves.slice(0, size))));
    expect(roots).toEqual(published.roots);
    expect(hex(emptyRoot())).toBe(root(0));
  });

  it.each<[number, number, string[]]>([
    [0, 1, []],
    [0, 8, [b, cd, efgh]],
    [5, 8, [e, gh, abcd]],
    [2, 3, [ab]],
    [1, 5, [a, cd, e]],
  ])('has the published path of leaf %i of %i', (index, size, path) => {
    const leaves = published.leaves.slice(0, size);
    expect(auditPath(index, leaves).map(hex)).toEqual(path);
    const led = rootFromPath(leafHash(leaves[index]!), index, size, bytes(path));
    expect(hex(led)).toBe(root(size));
  });

  it.each<[number, number, string[]]>([
    [1, 1, []],
    [1, 8, [b, cd, efgh]],
    [6, 8, [ef, gh, abcd]],
    [2, 5, [cd, e]],
  ])('has the published consistency of %i and %i', (from, to, path) => {
    expect(consistencyPath(from, published.leaves.slice(0, to)).map(hex)).toEqual(path);
    const older = Buffer.from(root(from), 'hex');
    const roots = rootsFromConsistency(older, from, to, bytes(path));
    expect([hex(roots?.older), hex(roots?.newer)]).toEqual([root(from), root(to)]);
  });
});

const leavesOf = (size: number, salt = 0) =>
  Array.from({ length: size }, (_, i) => Buffer.from(`leaf ${i} ${salt}`));

describe('any tree', () => {
  const sizes = fc.integer({ min: 1, max: 130 }).chain((size) =>
    fc.record({
      size: fc.constant(size),
      index: fc.integer({ min: 0, max: size - 1 }),
      from: fc.integer({ min: 1, max: size }),
    }),
  );

  it('leads from each leaf to its root, and from no other place', () => {
    const any = fc.property(sizes, fc.nat(400), ({ size, index }, elsewhere) => {
      const leaves = leavesOf(size);
      const [leaf, path] = [leafHash(leaves[index]!), auditPath(index, leaves)];
      expect(rootFromPath(leaf, index, size, path)).toEqual(treeHash(leaves));
      if (elsewhere !== index) {
        expect(rootFromPath(leaf, elsewhere, size, path)).not.toEqual(treeHash(leaves));
      }
      expect(rootFromPath(leaf, index, size, [...path, leaf])).toBeUndefined();
      if (path.length > 0) {
        expect(rootFromPath(leaf, index, size, path.slice(1))).not.toEqual(treeHash(leaves));
      }
    });
    fc.assert(any, { numRuns: 200 });
  });

  it('continues each of its beginnings, and no other', () => {
    const any = fc.property(sizes, fc.nat(), ({ size, from }, changed) => {
      const leaves = leavesOf(size);
      const older = treeHash(leaves.slice(0, from));
      const path = consistencyPath(from, leaves);
      expect(rootsFromConsistency(older, from, size, path)).toEqual({
        older,
        newer: treeHash(leaves),
      });
      // A history with one old leaf changed: whatever honest proof it has, it leads elsewhere.
      const forged = leaves.with(changed % from, Buffer.from('forged'));
      const roots = rootsFromConsistency(older, from, size, consistencyPath(from, forged));
      const forgedRoot = treeHash(forged);
      const passes = roots && older.equals(roots.older) && forgedRoot.equals(roots.newer);
      expect(passes === true).toBe(false);
      if (from < size) expect(rootsFromConsistency(older, from, size, [])).toBeUndefined();
      expect(rootsFromConsistency(older, from, size, [...path, older])).toBeUndefined();
    });
    fc.assert(any, { numRuns: 200 });
  });

  it('counts beyond 32 bits', () => {
    const leaf = leafHash(Buffer.from('x'));
    // A tree of 2^40 equal leaves, by its right edge.
    let [tree, path] = [leaf, [] as Buffer[]];
    for (let level = 0; level < 40; level += 1) {
      path = [...path, tree];
      tree = treeOfTwo(tree);
    }
    expect(rootFromPath(leaf, 2 ** 40 - 1, 2 ** 40, path)).toEqual(tree);
    expect(rootFromPath(leaf, 2 ** 39 + 12345, 2 ** 40, path)).toEqual(tree);
    const twice = treeOfTwo(tree);
    expect(rootsFromConsistency(tree, 2 ** 40, 2 ** 41, [tree])).toEqual({
      older: tree,
      newer: twice,
    });
  });
});

const treeOfTwo = (child: Buffer): Buffer => nodeHash(child, child);
