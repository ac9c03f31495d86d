/** The Usage view's program: it says that it is ready, draws what the host sends and asks for what the user wants. */
import { render } from 'preact';
import type { UsageMessage } from '../../src/usageProtocol.ts';
import { framesOf } from '../frames.ts';
import './main.css';
import { type UsageApi, UsageStore } from './store.ts';
import { Usage } from './views/Usage.tsx';

declare function acquireVsCodeApi(): UsageApi;

const root = document.querySelector('#root') ?? document.body;
const frames = framesOf(() => render(<Usage view={store.view} store={store} />, root));
const store = new UsageStore(acquireVsCodeApi(), frames);

// Only the extension host and VS Code itself can post to this window; the page has no frames and loads no images.
window.addEventListener('message', ({ data }: MessageEvent<UsageMessage>) => store.receive(data));
store.connect();
