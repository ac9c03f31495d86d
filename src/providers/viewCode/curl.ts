import { shellWord } from './literals.ts';
import { markedPieces } from './marked.ts';
import type { SentRequest } from './sentRequest.ts';

/** In UTF-16 units; Linux passes no word of more than 131,072 bytes to a program. */
const longestWord = 30_000;

/** The request as a command of curl for a POSIX shell, byte for byte what the adapter sends but for white space. */
export function curlOf({ url, headers, body }: SentRequest): string {
  const json = JSON.stringify(body, null, 2);
  const lines = [
    `curl --no-buffer ${shellWord(url)}`,
    ...[...headers].map(([name, value]) => `-H ${headerWord(`${name}: ${value}`)}`),
  ];
  // No line of JSON can be the word that ends a here-document.
  if (json.length > longestWord)
    return `${[...lines, "--data-binary @- <<'JSON'"].join(' \\\n  ')}\n${json}\nJSON\n`;
  return `${[...lines, `--data-raw ${shellWord(json)}`].join(' \\\n  ')}\n`;
}

/** A header with variables of the shell in it, which are filled in when the command runs. */
function headerWord(header: string): string {
  const pieces = markedPieces(header);
  if (!pieces.some((piece) => 'variable' in piece)) return shellWord(header);
  const isPlain = pieces.every((piece) => 'variable' in piece || /^[\w :./-]*$/.test(piece.text));
  if (isPlain) {
    return `"${pieces.map((piece) => ('variable' in piece ? `$\{${piece.variable}}` : piece.text)).join('')}"`;
  }
  return pieces
    .map((piece) => ('variable' in piece ? `"$\{${piece.variable}}"` : shellWord(piece.text)))
    .join('');
}
