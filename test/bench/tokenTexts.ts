import { globSync, readFileSync } from 'node:fs';
import { textOfKind, type TextKind } from '../core/tokens/corpus.ts';

/** The kinds without a place to split, on which the libraries take time that grows with the square of the length. */
export const unbrokenKinds: readonly TextKind[] = ['one line', 'white space'];

/**
 * A text for each kind, of 400 KB in UTF-8, of the unbroken ones of 10,000 characters. Real ones from the packages that are installed, made-up ones where there is none.
 */
export function benchText(kind: TextKind): string {
  if (unbrokenKinds.includes(kind)) return textOfKind(kind, 10_000);
  const text = realTexts[kind]?.() || textOfKind(kind, 400_000);
  return Buffer.from(text).subarray(0, 400_000).toString();
}

const realTexts: Partial<Record<TextKind, () => string>> = {
  prose: () => files('node_modules/{dotprompt,marked,openai,zod,dompurify,prettier,eslint,yaml}/*.md'),
  code: () => files('node_modules/zod/src/v4/core/*.ts'),
  JSON: () => files('package-lock.json'),
  CJK: () => messages('zh-cn').slice(0, 45_000) + messages('ja').slice(0, 45_000) + messages('ko'),
  Cyrillic: () => messages('ru'),
  minified: () => files('node_modules/{handlebars,lodash,markdown-it,protobufjs,@vscode/**}/**/*.min.js'),
};

function files(pattern: string): string {
  return globSync(pattern)
    .sort()
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
}

/** What TypeScript's compiler says, in another language. */
function messages(language: string): string {
  const [file] = globSync(`node_modules/typescript/lib/${language}/diagnosticMessages.generated.json`);
  return file === undefined ? '' : Object.values(JSON.parse(readFileSync(file, 'utf8')) as object).join('\n');
}
