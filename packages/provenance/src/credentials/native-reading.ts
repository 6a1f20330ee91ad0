/**
 * What the library's native build says of a file's credentials, for tests and the benchmark: `Trusted`, `Valid`,
 * `Invalid`, or `none`. Strangers' files are read by `CredentialsReader` alone.
 *
 * @param anchors PEM
 */
export async function stateNatively(
  file: Buffer,
  mimeType: string,
  anchors: string,
): Promise<string> {
  const { Reader } = await import('@contentauth/c2pa-node');
  const reader = await Reader.fromAsset(
    { buffer: file, mimeType },
    {
      trust: { trust_anchors: anchors },
      verify: { verify_trust: true, ocsp_fetch: false, remote_manifest_fetch: false },
    },
  );
  const said = reader?.json() as { validation_state?: string } | undefined;
  return said?.validation_state ?? 'none';
}
