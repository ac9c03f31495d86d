import { LlmError } from '../core/errors.ts';

/** The engine failed at what was asked for. With a graphics card that can be the card's fault as well as the file's. */
export class EngineError extends LlmError {}
