import { ConfigurationTarget, type QuickPickItem, window, workspace } from 'vscode';
import type { Endpoint } from '../providers/providers.ts';
import { services } from '../providers/providers.ts';

/**
 * Asks for a service or server and writes it to the user's settings. Answers its id, or `undefined` when the user
 * left.
 */
export async function addEndpoint(): Promise<string | undefined> {
  const service = await window.showQuickPick(
    Object.entries(services).map(([id, { name, baseUrl }]): QuickPickItem & { readonly id: string } => ({
      id,
      label: name,
      description: baseUrl ?? 'an address of your own',
    })),
    {
      title: 'Add a Provider (1/3)',
      placeHolder: 'Which service or server is it?',
      matchOnDescription: true,
    },
  );
  if (!service) return undefined;

  const baseUrl = await window.showInputBox({
    title: 'Add a Provider (2/3)',
    prompt: `Where does the API of ${service.label} begin? Most addresses end in /v1.`,
    value: services[service.id]?.baseUrl ?? '',
    placeHolder: 'https://host/v1',
    ignoreFocusOut: true,
    validateInput: (text) =>
      isWebAddress(text) ? '' : 'Write a web address, such as http://127.0.0.1:8000/v1',
  });
  if (baseUrl === undefined) return undefined;

  const configuration = workspace.getConfiguration('llmPlayground');
  const before = configuration.get<readonly Endpoint[]>('endpoints', []);
  const taken = new Set(before.map(({ id }) => id));
  const id = await window.showInputBox({
    title: 'Add a Provider (3/3)',
    prompt: 'The word before the slash in the ids of its models.',
    value: freeId(service.id, taken),
    ignoreFocusOut: true,
    validateInput: (text) => {
      if (!/^[a-z0-9][a-z0-9._-]*$/.test(text)) return 'Use small letters, digits, ".", "_" and "-".';
      if (text === 'local' || text === 'vscode') return `"${text}" is taken.`;
      return taken.has(text) ? `"${text}" is in the settings already.` : '';
    },
  });
  if (id === undefined) return undefined;

  const endpoint: Endpoint = { id, ...(id === service.id ? {} : { preset: service.id }), baseUrl };
  await configuration.update('endpoints', [...before, endpoint], ConfigurationTarget.Global);
  return id;
}

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/** The wish itself, or with the first number that is free. */
function freeId(wish: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const id = number === 1 ? wish : `${wish}-${number}`;
    if (!taken.has(id)) return id;
  }
}
