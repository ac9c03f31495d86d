import type { Message, Role } from '../chat.ts';
import type { Marks } from './marks.ts';
import type { Place } from './tree.ts';

export interface HelperContext {
  readonly marks: Marks;
  readonly history: readonly Message[];
  /** Throws the error that a helper has with its arguments. `place` is the call. */
  readonly fail: (message: string, place: Place | undefined) => never;
}

/** What Handlebars passes last to every helper; its own types leave out `loc`. */
interface Call {
  readonly hash: Readonly<Record<string, unknown>>;
  readonly loc?: Place;
}

interface BlockCall extends Call {
  readonly fn: (context: unknown) => string;
  readonly inverse: (context: unknown) => string;
}

/**
 * Dotprompt's helpers, as its specification of 2025 describes them, but for `section`: that is a place which a
 * framework fills with text of its own, and nothing here does.
 */
export function dotpromptHelpers({
  marks,
  history,
  fail,
}: HelperContext): Record<string, Handlebars.HelperDelegate> {
  return {
    role(...args: unknown[]) {
      const [name, call] = withCall(args);
      const role = typeof name === 'string' ? roles.get(name) : undefined;
      if (role) return marks.add({ type: 'role', role });
      return fail('Write {{role "system"}}, {{role "user"}} or {{role "model"}}.', call.loc);
    },

    history: () => marks.add({ type: 'messages', messages: history }),

    section: () => '',

    media(...args: unknown[]) {
      const { hash, loc } = withCall(args)[1];
      const { url, contentType } = hash;
      if (typeof url !== 'string' || url.trim() === '')
        return fail('Write {{media url=…}} with an address.', loc);
      if (contentType === undefined) return marks.add({ type: 'image', url: encoded(url) });
      if (typeof contentType !== 'string' || !contentType.startsWith('image/')) {
        return fail('Only images can be sent: write a contentType such as "image/png", or none.', loc);
      }
      return marks.add({ type: 'image', url: encoded(url), mediaType: contentType });
    },

    json(...args: unknown[]) {
      const [value, { hash }] = withCall(args);
      return JSON.stringify(value, null, hash['indent'] as number | undefined);
    },

    ifEquals(this: unknown, a: unknown, b: unknown, call: BlockCall) {
      return a === b ? call.fn(this) : call.inverse(this);
    },

    unlessEquals(this: unknown, a: unknown, b: unknown, call: BlockCall) {
      return a !== b ? call.fn(this) : call.inverse(this);
    },
  };
}

const roles: ReadonlyMap<string, Role> = new Map([
  ['system', 'system'],
  ['user', 'user'],
  ['model', 'assistant'],
  ['assistant', 'assistant'],
]);

/** A helper's first argument and its call; without arguments the call comes first. */
function withCall(args: readonly unknown[]): readonly [unknown, Call] {
  return [args.length > 1 ? args[0] : undefined, args.at(-1) as Call];
}

/** Services refuse a web address with spaces; a `data:` URL or a path is left as it is. */
function encoded(url: string): string {
  return /^https?:/i.test(url) ? url.trim().replaceAll(' ', '%20') : url;
}
