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

/** One text of about `length` UTF-16 code units for each kind of content that people count. */
export function kindsOfText(length: number, seed = 1): { readonly [kind: string]: string } {
  const random = seeded(seed);
  const pick = (from: string): string => Array.from(from)[random(Array.from(from).length)] ?? '';
  const words = (alphabet: string, gap: string): (() => string) => {
    return () => Array.from({ length: 2 + random(9) }, () => pick(alphabet)).join('') + gap;
  };
  const latin = words('eeetttaaooinshrdlucmfwypvbgk', ' ');
  const name = words('abcdefghijklmnopqrstuvwxyzABC_', '');
  const makers: { readonly [kind: string]: () => string } = {
    prose: () => `${latin()}${latin()}${random(6) === 0 ? "don't stop, it's 10% off. " : ''}`,
    code: () =>
      `${'  '.repeat(random(4))}const ${name()} = ${name()}(${name()}[${random(999)}], '${latin()}');\n`,
    json: () => `{"${name()}":${random(1e6)},"${name()}":["${latin()}",null,true]},`,
    chinese: () =>
      words(String.fromCharCode(...Array.from({ length: 400 }, (_, at) => 0x4e00 + at * 13)), '')() +
      pick('，。、！'),
    emoji: () => pick('😀🎉🔥❤️👍🏽👩‍👩‍👧🇩🇪') + (random(3) === 0 ? ' ' : ''),
    cyrillic: words('оеаинтсрвлкмдпуяыьгзбчйхжш', ' '),
    base64: words('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', ''),
    minified: () => `function ${name()}(a,b){return a?${name()}(b):!1}var ${pick('xyz')}=${random(99)};`,
    bytes: () => String.fromCharCode(random(256)),
    'white space': () => pick(' \t\n\r\u00a0\u2003\u3000') + ' '.repeat(random(6)),
    mixed: () => [latin(), pick('中文字符'), random(9999), pick('é̂ñß'), pick('😀\n\t'), pick('({[')].join(''),
  };
  return Object.fromEntries(
    Object.entries(makers).map(([kind, make]) => {
      let text = '';
      while (text.length < length) text += make();
      return [kind, text];
    }),
  );
}

function anyCharacter(random: Random): string {
  const codePoint = random(2) === 0 ? random(0x3000) : random(0x20000);
  // Two characters are white space in only one of Rust and JavaScript; they have tests of their own.
  return codePoint === 0x85 || codePoint === 0xfeff || codePoint === 0x17f
    ? ' '
    : String.fromCodePoint(codePoint);
}

const allAtoms = [
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
