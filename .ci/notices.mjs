import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The licences of the packages of which something is in the bundles, sorted by name, because most ask to go along with
 * every copy.
 * @param metafiles esbuild's, of bundles that are built in the current folder.
 */
export function noticesOf(metafiles) {
  const inputs = metafiles.flatMap(({ outputs }) => Object.values(outputs).map((output) => output.inputs));
  const used = inputs.flatMap((of) => Object.keys(of).filter((path) => of[path].bytesInOutput > 0));
  const folders = new Set(used.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []));
  const notices = new Map([...folders].map(noticeOf));
  const names = [...notices.keys()].sort();
  return [introduction, ...names.map((name) => `${name}\n\n${notices.get(name)}`)].join(`\n\n${line}\n\n`);
}

/** A package's name and version, and its licence: the text where it has one, else what its package.json says. */
function noticeOf(folder) {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const texts = globSync('{licen[cs]e,LICEN[CS]E,Licen[cs]e,notice,NOTICE}{,.*,-*}', { cwd: folder }).sort();
  const text = texts.map((file) => readFileSync(join(folder, file), 'utf8').trim()).join('\n\n');
  const by = author === undefined ? '' : ` by ${author.name ?? author}`;
  return [`${name} ${version}`, text || `${license} license${by}`];
}

const introduction = 'LLM Playground contains parts of the following packages.';
const line = '-'.repeat(80);
