import { workspace } from 'vscode';
import * as z from 'zod/mini';
import type { Limits } from '../core/limits.ts';
import type { Timeouts } from '../providers/connection.ts';
import { type Endpoint, services } from '../providers/providers.ts';

/** What the settings say about reaching services, checked. */
export interface EndpointSettings {
  readonly endpoints: readonly Endpoint[];
  readonly timeouts: Timeouts;
  /** By provider id. */
  readonly limits: Readonly<Record<string, Limits>>;
  /** One sentence for each entry that is left out because it is wrong. */
  readonly problems: readonly string[];
}

/** Where they stand, by their full names. */
export const endpointSettingNames: readonly string[] = [
  'llmPlayground.endpoints',
  'llmPlayground.timeouts',
  'llmPlayground.limits',
];

/** The settings as they are now. A wrong entry is left out and told; it never takes the others with it. */
export function readEndpointSettings(): EndpointSettings {
  const configuration = workspace.getConfiguration('llmPlayground');
  const problems: string[] = [];

  const endpoints: Endpoint[] = [];
  for (const [index, entry] of listOf(configuration.get('endpoints')).entries()) {
    const checked = endpoint.safeParse(entry);
    if (!checked.success)
      problems.push(`Setting "llmPlayground.endpoints", entry ${index + 1}: ${why(checked.error)}`);
    else if (endpoints.some(({ id }) => id === checked.data.id))
      problems.push(
        `Setting "llmPlayground.endpoints": "${checked.data.id}" is there twice; the first one counts.`,
      );
    else endpoints.push(checked.data as Endpoint);
  }

  const limits: Record<string, Limits> = {};
  for (const [id, entry] of Object.entries(configuration.get<object>('limits') ?? {})) {
    const checked = limit.safeParse(entry);
    if (checked.success) limits[id] = checked.data as Limits;
    else problems.push(`Setting "llmPlayground.limits", "${id}": ${why(checked.error)}`);
  }

  const ms = (name: string, seconds: number): number => {
    const set = configuration.get<unknown>(`timeouts.${name}`);
    const value = typeof set === 'number' ? set : seconds;
    if (value !== set)
      problems.push(`Setting "llmPlayground.timeouts.${name}" is no number of seconds; ${seconds} is used.`);
    return Math.round(Math.min(Math.max(value, 0), maxSeconds) * 1000);
  };
  const timeouts = {
    connectMs: ms('connect', 30),
    firstTokenMs: ms('firstToken', 300),
    silenceMs: ms('silence', 60),
  };
  return { endpoints, limits, timeouts, problems };
}

/** How a provider is set up: as the settings say, or as the service of that name is known. */
export function endpointOf(providerId: string): Endpoint {
  return readEndpointSettings().endpoints.find(({ id }) => id === providerId) ?? { id: providerId };
}

/** Timers of more than 2³¹ − 1 ms strike at once. */
const maxSeconds = 86_400;

const endpoint = z.object({
  // Reserved words are the providers that are no service.
  id: z.string().check(
    z.regex(/^[a-z0-9][a-z0-9._-]*$/, '"id" must be of small letters, digits, ".", "_" and "-"'),
    z.refine((id) => id !== 'local' && id !== 'vscode', '"id" is taken'),
  ),
  preset: z.optional(
    z
      .string()
      .check(
        z.refine(
          (preset) => Object.hasOwn(services, preset),
          `"preset" must be one of ${Object.keys(services).join(', ')}`,
        ),
      ),
  ),
  name: z.optional(z.string()),
  baseUrl: z.optional(
    z
      .string()
      .check(
        z.refine(
          (url) => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol),
          '"baseUrl" must be a web address such as http://127.0.0.1:8000/v1',
        ),
      ),
  ),
  headers: z.optional(z.record(z.string(), z.string())),
  needsKey: z.optional(z.boolean()),
  capabilities: z.optional(z.record(z.string(), z.boolean())),
});

const limit = z.object({
  concurrent: z.optional(z.int().check(z.minimum(1))),
  perMinute: z.optional(z.int().check(z.minimum(1))),
});

function why(error: z.core.$ZodError): string {
  return `${error.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': ')).join('; ')}.`;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
