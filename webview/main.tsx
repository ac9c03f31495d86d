/** The panel's program: it says that it is ready, draws what the host sends and sends back what the user does. */
import { render } from 'preact';
import type { HostMessage } from '../src/protocol.ts';
import { framesOf } from './frames.ts';
import { Heartbeat } from './heartbeat.ts';
import './main.css';
import { PanelStore, type VsCodeApi } from './state.ts';
import { registerToolkit } from './toolkit.ts';
import { Panel } from './views/Panel.tsx';

declare function acquireVsCodeApi(): VsCodeApi;

registerToolkit();
const root = document.querySelector('#root') ?? document.body;
const frames = framesOf(() => render(<Panel view={store.view} store={store} />, root));
const api = acquireVsCodeApi();
const store = new PanelStore(api, frames);
const heartbeat = new Heartbeat({
  ask: () => api.postMessage({ type: 'ping' }),
  onSilence: (isSilent) => store.tellSilence(isSilent),
  page: document,
});

// Only the extension host and VS Code itself can post to this window; the page has no frames and loads no images.
window.addEventListener('message', ({ data }: MessageEvent<HostMessage>) => {
  heartbeat.heard();
  if (data.type !== 'pong') store.receive(data);
});
store.connect();
heartbeat.start();
