/** Texts to try tokenizers on; the same seed gives the same texts. */

/** Whole numbers from 0 up to `below`. Source: Numerical Recipes' linear congruential generator. */
export type Random = (below: number) => number;

export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/**
 * `count` short texts of what splitters stumble over: borders between classes, contractions, marks, kinds of
 * white space.
 */
export function adversarialTexts(count: number, seed: number, atoms: readonly string[] = allAtoms): string[] {
  const random = seeded(seed);
  const atom = (): string => (random(8) === 0 ? anyCharacter(random) : (atoms[random(atoms.length)] ?? ''));
  return Array.from({ length: count }, () => Array.from({ length: 1 + random(10) }, atom).join(''));
}

/** The kinds of content that people count. */
export const textKinds = [
  'prose',
  'code',
  'JSON',
  'CJK',
  'emoji',
  'Cyrillic',
  'base64',
  'minified',
  'bytes',
  'one line',
  'white space',
  'mixed',
] as const;

export type TextKind = (typeof textKinds)[number];

/** One made-up text of about `length` UTF-16 code units for each kind. */
export function kindsOfText(length: number, seed = 1): Readonly<Record<TextKind, string>> {
  const texts = textKinds.map((kind) => [kind, textOfKind(kind, length, seed)]);
  return Object.fromEntries(texts) as Record<TextKind, string>;
}

export function textOfKind(kind: TextKind, length: number, seed = 1): string {
  const make = makers(seeded(seed))[kind];
  const parts: string[] = [];
  for (let made = 0; made < length; made += parts.at(-1)?.length ?? 0) parts.push(make());
  return parts.join('');
}

function makers(random: Random): Readonly<Record<TextKind, () => string>> {
  const picker = (from: string): (() => string) => {
    const characters = Array.from(from);
    return () => characters[random(characters.length)] ?? '';
  };
  const words = (alphabet: string, gap: string): (() => string) => {
    const character = picker(alphabet);
    return () => Array.from({ length: 2 + random(9) }, character).join('') + gap;
  };
  const latin = words('eeetttaaooinshrdlucmfwypvbgk', ' ');
  const name = words('abcdefghijklmnopqrstuvwxyzABC_', '');
  const chinese = words(charactersFrom(0x4e00, 400, 13), '');
  const japanese = words(
    charactersFrom(0x4e00, 100, 17) + charactersFrom(0x3041, 86) + charactersFrom(0x30a1, 90),
    '',
  );
  const korean = words(charactersFrom(0xac00, 200, 28), ' ');
  const comma = picker('，。、！');
  const emoji = picker('😀🎉🔥❤️👍🏽👩‍👩‍👧🇩🇪');
  const gap = picker(' \t\n\r\u00a0\u2003\u3000');
  const oddments = ['中文字符', 'é̂ñß', '😀\n\t', '({['].map(picker);
  return {
    prose: () => `${latin()}${latin()}${random(6) === 0 ? "don't stop, it's 10% off. " : ''}`,
    code: () =>
      `${'  '.repeat(random(4))}const ${name()} = ${name()}(${name()}[${random(999)}], '${latin()}');\n`,
    JSON: () => `{"${name()}":${random(1e6)},"${name()}":["${latin()}",null,true]},`,
    CJK: () => chinese() + comma() + japanese() + comma() + korean(),
    emoji: () => emoji() + (random(3) === 0 ? ' ' : ''),
    Cyrillic: words('оеаинтсрвлкмдпуяыьгзбчйхжш', ' '),
    base64: words('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', ''),
    minified: () => `function ${name()}(a,b){return a?${name()}(b):!1}var ${name()}=${random(99)};`,
    // A binary file that was opened as text.
    bytes: () => new TextDecoder().decode(Uint8Array.from({ length: 64 }, () => random(256))),
    // Not one place where a text can be split.
    'one line': words('etaoinshrdlucmfwypvbgkjqxz', ''),
    'white space': () => gap() + ' '.repeat(random(6)),
    mixed: () => `${latin()}${random(9999)}${oddments.map((pick) => pick()).join('')}`,
  };
}

/** A character of each class that splitters tell apart, and of each length in UTF-8. */
export const oneOfEachClass: readonly string[] = [
  ...[
    'a',
    'A',
    'é',
    'ǅ',
    'ʰ',
    'ж',
    '中',
    '\u0301',
    '1',
    '½',
    '𝟗',
    '=',
    '$',
    "'",
    '…',
    '😀',
    '\0',
    '\ufeff',
    '\u{e000}',
  ],
  ...[' ', '\t', '\n', '\r', '\u0085', '\u00a0', '\u3000'],
];

/**
 * What tokenizers take for different characters: U+0085 is white space in Rust but not in JavaScript, U+FEFF the other
 * way round, and U+017F is an s to some that ignore case. They are in adversarial texts only where they are asked
 * for.
 */
export const oddCharacters = ['\u0085', '\ufeff', '\u017f'];

function charactersFrom(first: number, count: number, step = 1): string {
  return String.fromCharCode(...Array.from({ length: count }, (_, index) => first + index * step));
}

function anyCharacter(random: Random): string {
  const codePoint = random(2) === 0 ? random(0x3000) : random(0x20000);
  return oddCharacters.includes(String.fromCodePoint(codePoint)) ? ' ' : String.fromCodePoint(codePoint);
}

export const allAtoms: readonly string[] = [
  ...[
    "'",
    "'s",
    "'S",
    "'LL",
    "'re",
    "'Ve",
    "don't",
    "IT'S",
    'a',
    'B',
    'ABC',
    'def',
    'Word',
    'iOS',
    'ÀÉ',
    'éà',
    'ß',
    'ǅ',
    'ʰ',
    'ªº',
  ],
  ...[
    ' ',
    '  ',
    '     ',
    '\t',
    '\n',
    '\r\n',
    '\r',
    ' \n',
    '\u00a0',
    '\u3000',
    '\u2028',
    '\v',
    '\u180e',
    '\u200b',
    '\u200d',
  ],
  ...[
    '1',
    '12',
    '1234',
    '١٢',
    '½',
    'Ⅷ',
    '!',
    '/',
    '//',
    '…',
    '_',
    '$',
    '`',
    '({',
    '"',
    '，',
    '—',
    '\0',
    '\u0301',
    'e\u0301',
  ],
  ...[
    '中',
    '文字',
    'ひら',
    'カナ',
    '한국',
    'ไทย',
    'क्ष',
    'עב',
    'مر',
    '😀',
    '👩‍👩‍👧',
    '🇩🇪',
    '\ud800',
    '\udc00',
    '<|endoftext|>',
  ],
];
