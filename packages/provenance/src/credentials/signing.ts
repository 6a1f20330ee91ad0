import { createPrivateKey, type KeyObject, sign, X509Certificate } from 'node:crypto';
import { type Claim, manifestOf, type SignedMediaType } from './claim.js';
import type { SigningIdentity } from './test-authority.js';

type Library = typeof import('@contentauth/c2pa-node');
type Algorithm = 'es256' | 'es384' | 'ed25519';

/** Room for the signature, the certificates and the time stamp. Bytes. */
const ROOM = 16_000;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^]+?-----END CERTIFICATE-----/g;

/** Nothing can be signed with this machine, key or certificate. The message says why. */
export class CredentialsUnavailable extends Error {}

/** Signs content credentials (C2PA) into files, with the time from a time-stamp authority. */
export class Signing {
  private constructor(
    private readonly library: Library,
    private readonly given: {
      readonly certificates: readonly Buffer[];
      readonly key: KeyObject;
      readonly algorithm: Algorithm;
      readonly timestampUrl: string;
    },
  ) {}

  /**
   * @param timestampUrl of an authority that speaks RFC 3161
   * @throws CredentialsUnavailable
   */
  static async open(
    { certificates, key }: SigningIdentity,
    timestampUrl: string,
  ): Promise<Signing> {
    const chain = certificates.match(CERTIFICATE) ?? [];
    const own = readKey(key);
    const [first] = chain;
    if (first === undefined || !new X509Certificate(first).checkPrivateKey(own)) {
      throw new CredentialsUnavailable('the key is not that of the first certificate');
    }
    return new Signing(await libraryHere(), {
      ...{ key: own, timestampUrl, algorithm: algorithmOf(own) },
      certificates: chain.map((one) => Buffer.from(`${one}\n`)),
    });
  }

  /** The file with its credentials. @throws Error of the library, also where the clock does not answer */
  async sign(bytes: Uint8Array, mediaType: SignedMediaType, claim: Claim): Promise<Buffer> {
    const { certificates, key, algorithm: alg, timestampUrl: tsaUrl } = this.given;
    const { Builder, CallbackSigner } = this.library;
    const builder = Builder.withJson(
      manifestOf(claim, mediaType),
      // No small picture of what was made or of what it was made from.
      { builder: { thumbnail: { enabled: false } }, verify: { verify_after_sign: false } },
    );
    const signer = CallbackSigner.newSigner(
      { alg, certs: [...certificates], reserveSize: ROOM, tsaUrl, directCoseHandling: false },
      async (data) => signatureOf(data, alg, key),
    );
    const output: { buffer: Buffer | null } = { buffer: null };
    await builder.signAsync(signer, { buffer: Buffer.from(bytes), mimeType: mediaType }, output);
    if (output.buffer === null) throw new Error('the library gave no file back');
    return output.buffer;
  }
}

function readKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new CredentialsUnavailable('the key cannot be read; give a PEM without a password', {
      cause,
    });
  }
}

function algorithmOf(key: KeyObject): Algorithm {
  if (key.asymmetricKeyType === 'ed25519') return 'ed25519';
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (curve === 'prime256v1') return 'es256';
  if (curve === 'secp384r1') return 'es384';
  throw new CredentialsUnavailable('the key is neither of P-256, P-384 nor Ed25519');
}

function signatureOf(data: Buffer, algorithm: Algorithm, key: KeyObject): Buffer {
  if (algorithm === 'ed25519') return sign(null, data, key);
  const digest = algorithm === 'es256' ? 'sha256' : 'sha384';
  return sign(digest, data, { key, dsaEncoding: 'ieee-p1363' });
}

async function libraryHere(): Promise<Library> {
  try {
    const library = await import('@contentauth/c2pa-node');
    // Its native part is loaded by the first call only.
    library.Builder.new();
    return library;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CredentialsUnavailable(
      `the native part of @contentauth/c2pa-node does not load on this machine: ${why}`,
      { cause },
    );
  }
}
