import { describe, expect, it } from '@jest/globals';
import { verifyConsistency, verifyInclusion, type SignedHead } from '@safelight/sdk';
import fc from 'fast-check';
import {
  consistencyRanges,
  emptyRoot,
  GrowingTree,
  hashOf,
  leafHash,
  nodesOf,
  pathRanges,
  type NodePlace,
  type TreeNode,
} from './tree.js';

/** Certificate Transparency's eight leaves, and the roots of the first 0 to 8 of them. */
const leaves = [
  ...['', '00', '10', '2021', '3031', '40414243', '5051525354555657'],
  '606162636465666768696a6b6c6d6e6f',
].map((hex) => Buffer.from(hex, 'hex'));
const roots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const entry = (n: number) => JSON.stringify({ format: 'safelight-ledger-entry-1', n: String(n) });
const placeOf = ({ level, index }: NodePlace) => `${level}/${index}`;

/** A tree of `size` entries with all its nodes, grown in pieces from what each left stored. */
function grown(size: number, piece: number) {
  const stored = new Map<string, Buffer>();
  const nodeAt = (place: NodePlace): Buffer => {
    const hash = stored.get(placeOf(place));
    if (hash === undefined) throw new Error(`${placeOf(place)} is not stored`);
    return hash;
  };
  const heads = [headOf(0, emptyRoot())];
  let tree = new GrowingTree();
  for (let n = 0; n < size; n += 1) {
    if (n % piece === 0) {
      const edge = nodesOf({ from: 0, to: n });
      tree = new GrowingTree(
        n,
        edge.map((place): TreeNode => ({ ...place, hash: nodeAt(place) })),
      );
    }
    const leaf = leafHash(Buffer.from(entry(n)));
    stored.set(placeOf({ level: 0, index: n }), leaf);
    for (const node of tree.add(leaf)) stored.set(placeOf(node), node.hash);
    heads.push(headOf(n + 1, tree.root()));
  }
  const hex = (range: Parameters<typeof hashOf>[0]) => hashOf(range, nodeAt).toString('hex');
  return { stored, heads, hex };
}

const headOf = (tree_size: number, root: Buffer): SignedHead => ({
  ...{ format: 'safelight-ledger-head-1', tree_size, root_hash: root.toString('hex') },
  ...{ block_height: 1, block_hash: '0'.repeat(64), signed_at: '', key_id: '', signature: '' },
});

describe('a growing tree', () => {
  it('has the published roots', () => {
    const tree = new GrowingTree();
    const found = [tree.root(), ...leaves.map((leaf) => (tree.add(leafHash(leaf)), tree.root()))];
    expect(found.map((root) => root.toString('hex'))).toEqual(roots);
  });

  it('stores every complete node once, whatever pieces it grows in', () => {
    const any = fc.property(
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 1, max: 50 }),
      (size, piece) => {
        const { stored, heads } = grown(size, piece);
        expect(heads).toEqual(grown(size, size).heads);
        const complete = [...Array(9).keys()].reduce(
          (sum, level) => sum + Math.floor(size / 2 ** level),
          0,
        );
        expect(stored.size).toBe(complete);
      },
    );
    fc.assert(any, { numRuns: 60 });
  });

  it('gives the proofs that the customer’s verifier accepts, for every entry and pair of sizes', () => {
    const { heads, hex } = grown(70, 7);
    for (let size = 1; size <= 70; size += 1) {
      for (let index = 0; index < size; index += 1) {
        const path = pathRanges(index, size).map(hex);
        const proof = { leaf: entry(index), leaf_index: index, tree_size: size, path };
        expect(verifyInclusion(proof, heads[size]!)).toMatchObject({ n: String(index) });
      }
      for (let from = 0; from <= size; from += 1) {
        const path = consistencyRanges(from, size).map(hex);
        verifyConsistency({ from, to: size, path }, heads[from]!, heads[size]!);
      }
    }
  });

  it('needs few nodes for a proof, however many entries there are', () => {
    const size = 2 ** 33 + 12_345;
    for (const index of [0, 77_777, 2 ** 32, size - 1]) {
      expect(pathRanges(index, size).length).toBeLessThanOrEqual(34);
      expect(pathRanges(index, size).flatMap(nodesOf).length).toBeLessThanOrEqual(68);
      expect(consistencyRanges(index, size).flatMap(nodesOf).length).toBeLessThanOrEqual(102);
    }
  });
});
