import { encodeF32, encodeGguf } from './gguf.ts';

/** A LoRA adapter for `output.weight` of a model, as a change of the logits that is the same after every token. */
export function outputAdapter(width: number, logits: Float32Array): Uint8Array {
  return encodeGguf(
    {
      'general.architecture': 'llama',
      'general.type': 'adapter',
      'adapter.type': 'lora',
      // No whole number, so that it is written as the float that it must be.
      'adapter.lora.alpha': 1.5,
    },
    [
      {
        name: 'output.weight.lora_a',
        type: 'F32',
        shape: [width, 1],
        data: encodeF32(new Float32Array(width).fill(1)),
      },
      { name: 'output.weight.lora_b', type: 'F32', shape: [1, logits.length], data: encodeF32(logits) },
    ],
  );
}
