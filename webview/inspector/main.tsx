/** The inspector's program: it says that it is ready, draws what the host sends and asks for what the user wants. */
import { render } from 'preact';
import type { InspectorMessage } from '../../src/inspectorProtocol.ts';
import { framesOf } from '../frames.ts';
import { registerToolkit } from '../toolkit.ts';
import './main.css';
import { type InspectorApi, InspectorStore } from './store.ts';
import { Inspector } from './views/Inspector.tsx';

declare function acquireVsCodeApi(): InspectorApi;

registerToolkit();
const root = document.querySelector('#root') ?? document.body;
const frames = framesOf(() => render(<Inspector view={store.view} store={store} />, root));
const store = new InspectorStore(acquireVsCodeApi(), frames);

// Only the extension host and VS Code itself can post to this window; the page has no frames and loads no images.
window.addEventListener('message', ({ data }: MessageEvent<InspectorMessage>) => store.receive(data));
store.connect();
