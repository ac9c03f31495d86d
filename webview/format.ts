/** Texts and tokens as the panel writes them; figures come from core. */
import type { Run, VariableValue } from '../src/protocol.ts';

export type TokenLogprob = Run['logprobs'][number];

/** A token with its white space made visible; its bytes where they are not whole characters. */
export function visibleToken({ token, bytes }: Pick<TokenLogprob, 'token' | 'bytes'>): string {
  if (bytes && token.includes('\uFFFD')) {
    return `⟨${bytes.map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ')}⟩`;
  }
  if (token === '') return '∅';
  return token.replaceAll('\n', '↵').replaceAll('\r', '␍').replaceAll('\t', '⇥').replaceAll(' ', '␣');
}

/** A variable's value in one line, cut after `limit` characters. */
export function formatValue(value: VariableValue, limit = 60): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
}

/** A date and a time of day in the reader's own zone: `2026-11-23 14:05:09`. */
export function formatTime(msSince1970: number): string {
  const date = new Date(msSince1970);
  const two = (part: number) => String(part).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** `14:05` of a time today, with its day before it of any other, in the reader's own zone. */
export function formatClock(at: number, now: number): string {
  const time = formatTime(at).slice(0, -3);
  const today = formatTime(now).slice(0, 10);
  return time.startsWith(today) ? time.slice(11) : time;
}
