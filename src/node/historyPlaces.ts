import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The extension's folder in the editor's global storage, and the file in it. */
const inStorage = ['User', 'globalStorage', 'llm-playground.llm-playground', 'history.sqlite'];

const editors = ['Code', 'Code - Insiders', 'VSCodium', 'code-oss-dev'];

/**
 * Where editors keep the extension's history: the places documented by VS Code for its settings on each platform, and
 * those of its servers.
 */
export function historyPlaces(
  platform: NodeJS.Platform = process.platform,
  env: NodeJS.ProcessEnv = process.env,
  home: string = homedir(),
): readonly string[] {
  const settings = {
    win32: env['APPDATA'] ?? join(home, 'AppData', 'Roaming'),
    darwin: join(home, 'Library', 'Application Support'),
    other: env['XDG_CONFIG_HOME'] ?? join(home, '.config'),
  }[platform === 'win32' || platform === 'darwin' ? platform : 'other'];
  return [
    ...editors.map((editor) => join(settings, editor)),
    ...['.vscode-server', '.vscode-server-insiders', '.vscode-remote'].map((name) =>
      join(home, name, 'data'),
    ),
    join(env['XDG_DATA_HOME'] ?? join(home, '.local', 'share'), 'code-server'),
  ].map((folder) => join(folder, ...inStorage));
}

/** The history among `places` that was written last; `undefined` where there is none. */
export function newestHistory(places: readonly string[]): string | undefined {
  const found = places.flatMap((place) => {
    // What was written last may still be in the log beside the file.
    const times = [place, `${place}-wal`].map(
      (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0,
    );
    return times[0] === 0 ? [] : [{ place, time: Math.max(...times) }];
  });
  return found.sort((a, b) => b.time - a.time)[0]?.place;
}
