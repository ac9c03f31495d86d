/** A package of binaries that is too large to ship and is added by the user. */
export interface AddablePackage {
  readonly name: string;
  readonly version: string;
  /** `sha512-` and the hash of its archive in base64. */
  readonly integrity: string;
  /** Of the archive. */
  readonly packedBytes: number;
  readonly unpackedBytes: number;
}

/**
 * CUDA's binaries for a system, in the version of node-llama-cpp, which takes no other; `undefined` where there are none.
 * The second package is for cards that the first has no code for. Their hashes stand here, so that no registry can hand
 * out anything else. Source: the registry's metadata, read 2026-11-27.
 */
export function cudaPackages(
  platform: NodeJS.Platform = process.platform,
  arch: string = process.arch,
): readonly AddablePackage[] | undefined {
  if (arch !== 'x64') return undefined;
  if (platform === 'linux') return linux;
  return platform === 'win32' ? windows : undefined;
}

const version = '3.21.1';

const linux: readonly AddablePackage[] = [
  {
    name: '@node-llama-cpp/linux-x64-cuda',
    version,
    integrity:
      'sha512-idsE55VoD/FbvLhnBC9krUJaUoC0XnebseAAnCpm/brKf61HEbu+idgbb5eN6mxkjLSrHtILprJ0nDcUJjVrFg==',
    packedBytes: 142_850_036,
    unpackedBytes: 188_693_843,
  },
  {
    name: '@node-llama-cpp/linux-x64-cuda-ext',
    version,
    integrity:
      'sha512-1PuURowccBcks3CCoMe1mTHh5vD0V5bFHMUEgtbI/OSDjpP+Pdbn+lf42CGUrepTzR8kCH1HovQ7d8q6/vuIKA==',
    packedBytes: 176_679_086,
    unpackedBytes: 374_197_990,
  },
];

const windows: readonly AddablePackage[] = [
  {
    name: '@node-llama-cpp/win-x64-cuda',
    version,
    integrity:
      'sha512-PLz70neFEMkQTlmJqG1ujUtCSgHasLPMxQ9rLkqQVmZYAXqkRj+45TIHCjdn3XqUeaoun0vrO9rRaxZ8NVq9jg==',
    packedBytes: 138_542_727,
    unpackedBytes: 175_510_346,
  },
  {
    name: '@node-llama-cpp/win-x64-cuda-ext',
    version,
    integrity:
      'sha512-L2MxLVEYPDDe4O8EDWPmX6brldc9+Vt9hNoT/anj3pSnmrjkQcmaoKhHs6oP5qhEhb5Uog0rj6lgzNGtJO3p9Q==',
    packedBytes: 175_417_684,
    unpackedBytes: 367_830_717,
  },
];
