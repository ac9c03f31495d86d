/** The worker thread that reads the headers of model files for `localModelsReader.ts`: one path in, one answer out. */
import { parentPort } from 'node:worker_threads';
import { asLlmError, type ErrorData } from '../core/errors.ts';
import { type ModelHeader, readModelHeader } from './localModelsHeader.ts';

/** The header of the file that was asked for, or what is wrong with it. */
export type HeaderAnswer = { readonly header: ModelHeader } | { readonly error: ErrorData };

const port = parentPort;
if (!port) throw new Error('This is the program of a worker thread.');
port.on('message', (path: string) => port.postMessage(answerTo(path)));

function answerTo(path: string): HeaderAnswer {
  try {
    return { header: readModelHeader(path) };
  } catch (error) {
    return { error: asLlmError(error).toData() };
  }
}
