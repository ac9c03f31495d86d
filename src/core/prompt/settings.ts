import type { GenerationSettings, Warning } from '../chat.ts';

/**
 * The settings that a front matter's `config` asks for. A key that is not known or a value out of its range is not
 * taken over and is told in `warnings`, whose `subject` is the key as written.
 */
export function settingsOf(config: Readonly<Record<string, unknown>>): {
  readonly settings: GenerationSettings;
  readonly warnings: readonly Warning[];
} {
  throw new Error('not yet');
}
