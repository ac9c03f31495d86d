import * as z from 'zod/mini';
import { settingNamed, settingsOf } from '../prompt/settings.ts';
import type { SettingOverrides } from './overrides.ts';

const responseFormat = z.discriminatedUnion('type', [
  z.object({ type: z.literal('json') }),
  z.object({
    type: z.literal('json-schema'),
    // Services take no other characters.
    name: z.string().check(z.regex(/^[\w-]{1,64}$/)),
    schema: z.record(z.string(), z.json()),
  }),
  z.object({ type: z.literal('gbnf'), grammar: z.string() }),
]);

/**
 * The overrides among values that come from outside: those of settings that exist, in their range, and `null` for the service's
 * default.
 */
export function overridesFrom(values: Readonly<Record<string, unknown>>): SettingOverrides {
  const { responseFormat: wanted, ...others } = values;
  const set = Object.fromEntries(Object.entries(others).filter(([, value]) => value !== null));
  const unset = Object.keys(others).filter((name) => others[name] === null && settingNamed(name) === name);
  const format = responseFormat.safeParse(wanted);
  return {
    ...Object.fromEntries(unset.map((name) => [name, null])),
    ...settingsOf(set).settings,
    ...(wanted === null ? { responseFormat: null } : format.success ? { responseFormat: format.data } : {}),
  };
}
