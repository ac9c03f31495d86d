/**
 * All files of the model that begins with the file at `path`, which can be a path of any kind of system or that of an
 * address: itself alone where the model was not split, else every part, the first one first.
 */
export function partsOf(path: string): readonly string[] {
  const [, start, count] = /^(.*)-\d{5}-of-(\d{5})\.gguf$/is.exec(path) ?? [];
  if (start === undefined || count === undefined) return [path];
  return Array.from(
    { length: Number(count) },
    (_, index) => `${start}-${String(index + 1).padStart(5, '0')}-of-${count}.gguf`,
  );
}
