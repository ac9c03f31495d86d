import { lengthOf } from './characterClass.ts';
import type { CutTest } from './cuts.ts';
import type { Splitter } from './splitters.ts';
import type { Vocabulary } from './vocabulary.ts';

/**
 * Where a SentencePiece text can be cut. It has no pattern: any two neighbours may join. But tokens with a
 * blank behind something else are rare, so a blank starts a piece unless what stands before it is one of the
 * few characters that some token has there.
 */
export interface BlankBorders {
  readonly split: Splitter;
  readonly isCut: CutTest;
}

export function blankBorders(vocabulary: Vocabulary): BlankBorders {
  const joinable = charactersBeforeBlanks(vocabulary);
  return {
    split(bytes, at, end) {
      let last = at;
      for (at += lengthOf(bytes[at] as number); at < end; at += lengthOf(bytes[at] as number)) {
        if (isBlank(bytes, at) && !isBlank(bytes, last) && !joinable.has(codePointText(bytes, last, at)))
          return at;
        last = at;
      }
      return end;
    },
    isCut(text, at) {
      const before = text.charCodeAt(at - 1);
      if (!blanks.has(text.charAt(at)) || blanks.has(text.charAt(at - 1))) return false;
      return (before < 0xd800 || before > 0xdfff) && !joinable.has(text.charAt(at - 1));
    },
  };
}

/** A blank in a text, and as tokens write it. */
const blanks: ReadonlySet<string> = new Set([' ', '▁']);

function charactersBeforeBlanks(vocabulary: Vocabulary): ReadonlySet<string> {
  const found = new Set<string>();
  for (let id = 0; id < vocabulary.size; id++) {
    const bytes = vocabulary.bytesOf(id);
    let last = 0;
    for (let at = 0; at < bytes.length; at += lengthOf(bytes[at] as number)) {
      if (at > 0 && isBlank(bytes, at) && !isBlank(bytes, last)) found.add(codePointText(bytes, last, at));
      last = at;
    }
  }
  return found;
}

/** Whether `▁` is at `at`. */
function isBlank(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xe2 && bytes[at + 1] === 0x96 && bytes[at + 2] === 0x81;
}

function codePointText(bytes: Uint8Array, start: number, end: number): string {
  return utf8.decode(bytes.subarray(start, end));
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
