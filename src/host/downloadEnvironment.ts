import { workspace } from 'vscode';

/**
 * The environment of a download's process. The editor's own proxy and certificates do not reach into other processes, so
 * they are handed over in the words that Node has for them.
 */
export function downloadEnvironment(): NodeJS.ProcessEnv {
  const proxy = workspace.getConfiguration('http').get<string>('proxy', '');
  return {
    ...process.env,
    ...(proxy === '' ? {} : { HTTPS_PROXY: proxy, HTTP_PROXY: proxy }),
    NODE_USE_ENV_PROXY: '1',
    NODE_USE_SYSTEM_CA: '1',
    // On the desktop the program that runs this is Electron, which is Node only when it is told to be.
    ELECTRON_RUN_AS_NODE: '1',
  };
}
