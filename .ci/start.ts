/**
 * `npm start`: the extension from this working tree, with prompts/ open, in the desktop's VS Code where there is
 * one, else in the browser. `$PORT` chooses the port. Ctrl+C ends it; what you did there is kept in .tools/profile.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { startCodeServer } from '../test/vscode/codeServer.ts';
import { ensureBuild, onPath, root, tools } from './setup.mjs';

const prompts = join(root, 'prompts');
const desktop = onPath('code');

ensureBuild();
if (desktop) {
  spawn(desktop, [`--extensionDevelopmentPath=${root}`, prompts], {
    stdio: 'inherit',
    shell: desktop.endsWith('.cmd'),
  });
} else {
  await startInBrowser().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}

async function startInBrowser(): Promise<void> {
  const server = await startCodeServer({
    profile: join(tools, 'profile'),
    workingTree: root,
    port: Number(process.env['PORT'] ?? 0),
  });
  const address = server.address(prompts);
  console.log(`LLM Playground is running at ${address}\nCtrl+C ends it.`);
  openBrowser(address);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.stop());
}

function openBrowser(address: string): void {
  const opener = process.platform === 'darwin' ? onPath('open') : onPath('xdg-open');
  const display = process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'] ?? process.platform === 'darwin';
  if (opener && display) spawn(opener, [address], { stdio: 'ignore' }).unref();
}
