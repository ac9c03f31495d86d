/**
 * The version of a prompt's text: its SHA-256 in hexadecimal digits. A byte order mark and the kind of line ends do
 * not change it, because git and editors change those on their own.
 */
export async function versionOf(text: string): Promise<string> {
  const content = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(content));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The first 8 digits, for people. */
export function shortVersion(version: string): string {
  return version.slice(0, 8);
}
