import { Template } from '@huggingface/jinja';
import type { LlamaModel, Token } from 'node-llama-cpp';
import { type ChatFormat, chatFormatOf } from '../core/template/chatFormat.ts';
import type { TemplateModel } from '../core/template/renderChat.ts';

/** The chat template of a model's file. */
export interface ChatTemplate extends TemplateModel {
  readonly format: ChatFormat;
  /** Whether the template reads a variable of this name. */
  reads(variable: string): boolean;
}

/** @returns `undefined` for a model without one, which continues text and does not answer messages. */
export function chatTemplateOf(model: LlamaModel): ChatTemplate | undefined {
  const { chat_template: source, ggml } = model.fileInfo.metadata.tokenizer;
  if (source === undefined) return undefined;
  const template = new Template(source);
  const textOf = (token: Token | null): string => (token === null ? '' : (ggml.tokens[token] ?? ''));
  return {
    render: (variables) => template.render(variables),
    bos: textOf(model.tokens.bos),
    eos: textOf(model.tokens.eos),
    controls: ggml.tokens.filter(
      (text, token) => Number(ggml.token_type[token]) === controlType && text !== '',
    ),
    format: chatFormatOf(source),
    reads: (variable) => new RegExp(`\\b${variable}\\b`).test(source),
  };
}

/** Source: `llama_token_type` in llama.cpp's llama.h, read 2026-11-24. */
const controlType = 3;
