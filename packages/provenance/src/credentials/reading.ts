import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { X509Certificate } from 'node:crypto';

/** What a file's content credentials say, as far as they hold. */
export interface ReadCredentials {
  /**
   * `none`: there are none. `broken`: they do not fit the file. `foreign`: somebody signed whom nobody here knows.
   * `ours`: signed by one of the certificates that were given.
   */
  readonly state: 'none' | 'broken' | 'foreign' | 'ours';
  /** IPTC digital source types of what was done, the last parts of their URLs. */
  readonly sourceTypes: readonly string[];
  /** Who signed, by the certificate's own words. */
  readonly signer: string | null;
  /** When, by a clock that is trusted. ISO. */
  readonly signedAt: string | null;
}

const NONE: ReadCredentials = { state: 'none', sourceTypes: [], signer: null, signedAt: null };
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^]+?-----END CERTIFICATE-----/g;

/** The parts that are looked at of what the library says. */
interface ManifestStore {
  readonly active_manifest?: string;
  readonly manifests?: Readonly<Record<string, Manifest>>;
  readonly validation_state?: string;
  readonly validation_results?: {
    readonly activeManifest?: { readonly success?: readonly { readonly code: string }[] };
  };
}
interface Manifest {
  readonly assertions?: readonly { readonly label: string; readonly data?: unknown }[];
  readonly signature_info?: {
    readonly common_name?: string;
    readonly issuer?: string;
    readonly cert_serial_number?: string;
    readonly time?: string;
  };
}

let started: Promise<typeof import('@contentauth/c2pa-wasm')> | undefined;

async function library() {
  started ??= import('@contentauth/c2pa-wasm').then((wasm) => {
    const file = createRequire(import.meta.url).resolve('@contentauth/c2pa-wasm/c2pa.wasm');
    wasm.initSync({ module: readFileSync(file) });
    return wasm;
  });
  return started;
}

/**
 * Reads content credentials, in WebAssembly: whatever a file holds, it reaches nothing outside. Nothing is
 * fetched. A file that is not whole counts as one without.
 *
 * @param own PEM: the certificates that sign here, now and before, with those that vouch for them and the clock
 */
export async function readCredentials(
  file: Uint8Array,
  mediaType: string,
  own: string,
): Promise<ReadCredentials> {
  const { WasmReader } = await library();
  const certificates = (own.match(CERTIFICATE) ?? []).map((one) => new X509Certificate(one));
  const anchors = certificates.filter(({ ca }) => ca).map((one) => one.toString());
  const settings = JSON.stringify({
    trust: { trust_anchors: anchors.join('') },
    verify: { verify_trust: true, ocsp_fetch: false, remote_manifest_fetch: false },
  });
  let store: ManifestStore;
  try {
    const reader = await WasmReader.fromBytes(mediaType, file, settings);
    store = JSON.parse(reader.json()) as ManifestStore;
    reader.free();
  } catch {
    // Reported in words alone, whether there are none or the file is damaged.
    return NONE;
  }
  const serials = new Set(
    certificates.filter(({ ca }) => !ca).map(({ serialNumber }) => BigInt(`0x${serialNumber}`)),
  );
  return readOf(store, serials);
}

/** What the library found, in our words. `Valid` alone says only that somebody signed. */
function readOf(store: ManifestStore, own: ReadonlySet<bigint>): ReadCredentials {
  const manifest = store.manifests?.[store.active_manifest ?? ''];
  if (manifest === undefined) return NONE;
  const { common_name, issuer, cert_serial_number: serial, time } = manifest.signature_info ?? {};
  const codes = (store.validation_results?.activeManifest?.success ?? []).map(({ code }) => code);
  const said = {
    sourceTypes: Object.values(store.manifests ?? {}).flatMap(sourceTypesIn),
    signer: common_name ?? issuer ?? null,
    signedAt: codes.includes('timeStamp.trusted') && time ? new Date(time).toISOString() : null,
  };
  if (store.validation_state === 'Trusted' && serial && own.has(BigInt(serial))) {
    return { state: 'ours', ...said };
  }
  const holds = store.validation_state === 'Trusted' || store.validation_state === 'Valid';
  return { state: holds ? 'foreign' : 'broken', ...said };
}

const SOURCE_TYPE = /digitalsourcetype\/([A-Za-z]+)/g;

const sourceTypesIn = ({ assertions = [] }: Manifest): string[] =>
  assertions
    .filter(({ label }) => label.startsWith('c2pa.actions'))
    .flatMap(({ data }) => [...JSON.stringify(data ?? {}).matchAll(SOURCE_TYPE)])
    .map(([, type = '']) => type);
