/** The name of a prompt's file by its URI, for people. */
export function fileNameOf(uri: string): string {
  const name = uri.slice(uri.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(name);
  } catch {
    // Somebody else's address may have a % that begins no escape.
    return name;
  }
}
