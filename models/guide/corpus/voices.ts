/**
 * The ways one question is typed or dictated: contractions run together, chat's short forms, words dropped by people
 * who learnt English late, hesitation, slips of a gloved finger. Slots stay whole.
 */
import type { Random } from './random.ts';

type Voice = (words: readonly string[], random: Random) => readonly string[];

const squeezed: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\b(what|who|where|how|that|it|there|here|he|she) is\b/g, ['$1s', '$1 s', '$1']],
  [/\b(do|does|did|is|are|was|has|have|would|could|should|is) not\b/g, ['$1nt', '$1 nt', '$1nt']],
  [/\bcan ?not\b/g, ['cant', 'cannot']],
  [/\bwill not\b/g, ['wont']],
  [/\bi am\b/g, ['im', 'i m', 'am', 'i']],
  [/\bi (have|had)\b/g, ['ive', 'i']],
  [/\b(i|we|they|you) will\b/g, ['$1ll', '$1']],
  [/\b(you|we|they) are\b/g, ['$1re', '$1']],
  [/\blet us\b/g, ['lets']],
  [/\b(going|want|got) to\b/g, ['gonna', 'wanna', 'gotta', '$1 to']],
  [/\bdo not know\b/g, ['dunno']],
  [/\b(out|sort|kind) of\b/g, ['$1a']],
];

const shortForms: Readonly<Record<string, readonly string[]>> = {
  you: ['u'],
  your: ['ur'],
  are: ['r'],
  please: ['pls', 'plz'],
  what: ['wat', 'wot', 'wht'],
  why: ['y', 'wy'],
  with: ['w', 'wit', 'wth'],
  without: ['wo', 'w o'],
  because: ['cos', 'bc', 'cause'],
  to: ['2'],
  for: ['4'],
  thanks: ['thx', 'ta'],
  customer: ['cust', 'custmr', 'customr'],
  customers: ['custs'],
  manager: ['mgr', 'mngr', 'manger'],
  supervisor: ['sup', 'superviser'],
  quantity: ['qty'],
  number: ['nr', 'no', 'num', 'nbr'],
  delivery: ['deliv', 'dlvry'],
  tomorrow: ['tmrw', 'tomo', 'tmw', 'tomorow'],
  later: ['l8r', 'latr'],
  people: ['ppl'],
  about: ['abt'],
  before: ['b4'],
  something: ['sth', 'smth'],
  somebody: ['sb', 'smbdy'],
  someone: ['sm1', 'some1'],
  minutes: ['min', 'mins'],
  department: ['dept'],
  should: ['shd', 'shud', 'shoud'],
  would: ['wd', 'wud'],
  could: ['cd', 'cud'],
  have: ['hv', 'av'],
  this: ['dis', 'ths', 'tis'],
  the: ['da', 'teh'],
  them: ['em'],
  whatever: ['whatevs'],
  information: ['info'],
  problem: ['prob', 'issue'],
  approval: ['appr'],
  tell: ['tel'],
  check: ['chk', 'chek'],
  count: ['cnt', 'coutn'],
  counted: ['cntd', 'conted'],
  and: ['n', 'an', '&'],
  how: ['hw', 'hwo'],
  who: ['hu', 'whos'],
  responsible: ['responsable', 'resp'],
  decide: ['deside'],
  reason: ['reson'],
  be: ['b'],
  see: ['c'],
  okay: ['k', 'ok'],
  right: ['rite'],
  now: ['nw', 'noe'],
  next: ['nxt'],
  first: ['1st', 'frst'],
};
const oftenDropped = new Set(
  'the a an do does is am are to of have i should it be will on for at my'.split(' '),
);
const hesitation = [
  'um',
  'uh',
  'like',
  'so',
  'you know',
  'well',
  'er',
  'erm',
  'i mean',
  'basically',
  'just',
  'actually',
  'ok',
  'hm',
  'please',
  'then',
  'now',
  'eh',
  'really',
];
const keys: Readonly<Record<string, string>> = {
  a: 'sqz',
  b: 'vgn',
  c: 'xvd',
  d: 'sfe',
  e: 'wrd',
  f: 'dgr',
  g: 'fht',
  h: 'gjy',
  i: 'uok',
  j: 'hku',
  k: 'jli',
  l: 'kop',
  m: 'n',
  n: 'bm',
  o: 'ipl',
  p: 'ol',
  q: 'wa',
  r: 'etf',
  s: 'adw',
  t: 'ryg',
  u: 'yij',
  v: 'cb',
  w: 'qe',
  x: 'zc',
  y: 'tu',
  z: 'x',
};

const each = (words: readonly string[], change: (word: string) => readonly string[]): readonly string[] =>
  words.flatMap((word) => (word.startsWith('<') ? [word] : change(word)));

const chat: Voice = (words, random) =>
  each(words, (word) => {
    const forms = shortForms[word];
    return forms !== undefined && random.chance(0.5) ? random.pick(forms).split(' ') : [word];
  });

const lateLearner: Voice = (words, random) => {
  const kept = each(words, (word) => (oftenDropped.has(word) && random.chance(0.6) ? [] : [word]));
  return kept.length === 0 ? words : kept;
};

const hesitant: Voice = (words, random) =>
  words.flatMap((word) => (random.chance(0.12) ? [...random.pick(hesitation).split(' '), word] : [word]));

const clumsy: Voice = (words, random) =>
  each(words, (word) =>
    word.length > 3 && /^[a-z]+$/.test(word) && random.chance(0.3) ? [slipped(word, random)] : [word],
  );

const terse: Voice = (words, random) => {
  const kept = words.filter((word) => word.startsWith('<') || !random.chance(0.12));
  return kept.length === 0 ? words : kept;
};

function slipped(word: string, random: Random): string {
  const place = 1 + Math.floor(random.next() * (word.length - 2));
  const [head, letter, tail] = [word.slice(0, place), word.charAt(place), word.slice(place + 1)];
  const near = keys[letter] ?? letter;
  return random.pick([
    head + tail,
    head + letter + letter + tail,
    head + tail.charAt(0) + letter + tail.slice(1),
    head + near.charAt(Math.floor(random.next() * near.length)) + tail,
  ]);
}

const voices: readonly (readonly [share: number, Voice])[] = [
  [0.12, chat],
  [0.14, lateLearner],
  [0.08, hesitant],
  [0.14, clumsy],
  [0.1, terse],
];

export function voiced(question: string, random: Random): string {
  let text = question;
  if (random.chance(0.3))
    for (const [long, short] of squeezed) text = text.replaceAll(long, random.pick(short));
  let words: readonly string[] = text.split(' ');
  for (const [share, voice] of voices) if (random.chance(share)) words = voice(words, random);
  return words.filter((word) => word !== '').join(' ');
}
