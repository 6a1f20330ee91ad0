/** The nats-server we ship for, and where its builds lie. */
export const natsVersion = '2.15.1';

/** The oldest server we accept when the machine has one: consumers with several filters. */
export const oldestNatsVersion = '2.10.0';

export interface DebianBuild {
  file: string;
  sha256: string;
}

/**
 * Debian's builds, by Node's name of the processor. The digests are those of the Debian archive's
 * own signed index, so the mirror and the way to it need no trust.
 */
export const debianBuilds: Readonly<Record<string, DebianBuild>> = {
  x64: {
    file: 'nats-server_2.15.1-1_amd64.deb',
    sha256: '31ef4ceaa84e8248d449e508472e3770c17c3695cb5cb0ee96e03912724ea884',
  },
  arm64: {
    file: 'nats-server_2.15.1-1_arm64.deb',
    sha256: '68923b614b6b5594bbd63ffdce7258c2155ec448fb4cb7efd099bf9273eca128',
  },
};

export const debianPool = 'pool/main/n/nats-server';

/** The name of the vendor's archive for a processor, and its release folder. */
export function vendorArchive(arch: string): { folder: string; file: string } {
  const processor = arch === 'x64' ? 'amd64' : arch;
  return {
    folder: `https://github.com/nats-io/nats-server/releases/download/v${natsVersion}`,
    file: `nats-server-v${natsVersion}-linux-${processor}.tar.gz`,
  };
}
