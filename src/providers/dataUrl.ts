/** What a `data:` URL holds, as services want it apart; `undefined` for every other URL and for one that is not base64. */
export function inlineData(url: string): { readonly mediaType: string; readonly base64: string } | undefined {
  const match = /^data:([^;,]*)(?:;[^;,]*)*;base64,(.*)$/s.exec(url);
  if (!match) return undefined;
  const [, mediaType = '', base64 = ''] = match;
  return { mediaType, base64 };
}
