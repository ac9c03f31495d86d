import { closeSync, fstatSync, openSync } from 'node:fs';
import { LlmError, messageOf } from '../core/errors.ts';
import { Damage, GgufBytes } from './tokenizerGgufBytes.ts';

export type GgufValue = string | number | bigint | boolean;

/** How much is behind the start of a GGUF file. */
export interface GgufCounts {
  readonly tensors: number;
  /** The keys with their values, which come first. */
  readonly entries: number;
}

/**
 * Opens a GGUF file, reads its first numbers and calls `read`, which finds the entries next.
 * @throws LlmError `bad-request` when the file cannot be read, is not GGUF 2 or 3, or `read` throws {@link Damage}.
 */
export function readGguf<Result>(
  path: string,
  read: (bytes: GgufBytes, counts: GgufCounts) => Result,
): Result {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const stat = fstatSync(file);
    if (!stat.isFile()) throw new Damage('is not a file');
    const bytes = new GgufBytes(file, stat.size);
    return read(bytes, readCounts(bytes));
  } catch (error) {
    if (error instanceof Damage)
      throw new LlmError(
        'bad-request',
        `The model "${path}" ${error.message}. Download it again or choose another.`,
      );
    throw new LlmError(
      'bad-request',
      `The model "${path}" cannot be read (${messageOf(error)}). Correct its path.`,
      { cause: error },
    );
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function readCounts(bytes: GgufBytes): GgufCounts {
  if (bytes.uint32() !== magic) throw new Damage('is not a GGUF file');
  const version = bytes.uint32();
  if (version !== 2 && version !== 3)
    throw new Damage(`is GGUF of version ${version}; versions 2 and 3 can be read`);
  return { tensors: bytes.length('tensors', 1), entries: bytes.length('entries', 13) };
}

/** The value of `key`, which is no list. */
export function readScalar(bytes: GgufBytes, key: string, type: number): GgufValue {
  switch (type) {
    case stringType:
      return bytes.string(`"${key}"`, maxTextBytes);
    case 7:
      return bytes.view(1).getUint8(0) !== 0;
    case 0:
      return bytes.view(1).getUint8(0);
    case 1:
      return bytes.view(1).getInt8(0);
    case 2:
      return bytes.view(2).getUint16(0, true);
    case 3:
      return bytes.view(2).getInt16(0, true);
    case 4:
      return bytes.uint32();
    case 5:
      return bytes.view(4).getInt32(0, true);
    case 6:
      return bytes.view(4).getFloat32(0, true);
    case 10:
      return bytes.view(8).getBigUint64(0, true);
    case 11:
      return bytes.view(8).getBigInt64(0, true);
    case 12:
      return bytes.view(8).getFloat64(0, true);
    default:
      throw new Damage(`is damaged: "${key}" has the unknown type ${type}`);
  }
}

/** Walks over `count` values of one type, none of which is a list. */
export function skipScalars(bytes: GgufBytes, key: string, type: number, count: number): void {
  if (type !== stringType) bytes.skip(sizeOf(type, key) * count);
  else for (let index = 0; index < count; index++) bytes.skip(bytes.length(`bytes of "${key}"`, 1));
}

/** Reads how many items of which type the list of `key` has; they follow. */
export function readListStart(
  bytes: GgufBytes,
  key: string,
): { readonly type: number; readonly count: number } {
  const type = bytes.uint32();
  if (type === arrayType) throw new Damage(`is damaged: "${key}" is a list of lists`);
  const count = bytes.length(`items of "${key}"`, type === stringType ? 8 : sizeOf(type, key));
  return { type, count };
}

function sizeOf(type: number, key: string): number {
  const size = [1, 1, 2, 2, 4, 4, 4, 1, undefined, undefined, 8, 8, 8][type];
  if (size === undefined) throw new Damage(`is damaged: "${key}" has the unknown type ${type}`);
  return size;
}

export const stringType = 8;
export const arrayType = 9;

/** The longest name of a key, in bytes. */
export const longestKey = 65_535;

/** The longest text that is read, in bytes. */
export const maxTextBytes = 2 ** 26;

/** `GGUF`, little endian. */
const magic = 0x46554747;
