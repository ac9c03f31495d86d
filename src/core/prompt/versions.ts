/**
 * The version of a prompt's text: its SHA-256 in hexadecimal digits. A byte order mark and the kind of line ends do
 * not change it, because git and editors change those on their own.
 */
export async function versionOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(contentOf(text)));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** What a version is the hash of: the text with LF line ends, without a byte order mark. */
export function contentOf(text: string): string {
  return text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
}

/** The first 8 digits, for people. */
export function shortVersion(version: string): string {
  return version.slice(0, 8);
}

/**
 * The `version:` in a text's front matter, as written; `undefined` where it names none. It looks at that one line only,
 * because a history has thousands of texts and reading one as YAML takes a millisecond.
 */
export function labelOf(text: string): string | undefined {
  const front = /^---[ \t]*\n([^]*?)^---[ \t]*$/m.exec(contentOf(text).slice(0, longestFrontMatter));
  if (front?.index !== 0) return undefined;
  const label = /^version:[ \t]+(?:"([^"\\\n]+)"|'([^'\n]+)'|([\w.+-]+))[ \t]*(?:#.*)?$/m.exec(
    front[1] ?? '',
  );
  return label?.[1] ?? label?.[2] ?? label?.[3];
}

/** In UTF-16 units. */
const longestFrontMatter = 20_000;
