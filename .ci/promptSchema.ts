/** Writes `media/prompt.schema.json` anew, after a field or a setting of the front matter has changed. */
import { writeFileSync } from 'node:fs';
import { format } from 'prettier';
import { frontMatterSchema } from '../src/core/prompt/frontMatterSchema.ts';

const file = new URL('../media/prompt.schema.json', import.meta.url);
writeFileSync(file, await format(JSON.stringify(frontMatterSchema()), { parser: 'json', printWidth: 110 }));
