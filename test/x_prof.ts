import { encodingOf } from './core/tokens/encodings.ts';
import { readFileSync } from 'node:fs';
const l=process.argv[2];
const e=await encodingOf('o200k_base'); e.count('hello world');
const t=Object.values(JSON.parse(readFileSync(`node_modules/typescript/lib/${l}/diagnosticMessages.generated.json`,'utf8'))).join('\n');
const s=performance.now(); e.count(t); console.log((performance.now()-s).toFixed(1),'ms');
