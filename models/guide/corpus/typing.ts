/** Slips of a gloved finger: a letter dropped, doubled or swapped with its neighbour. Slots stay whole. */
import type { Random } from './random.ts';

export function misspelt(text: string, random: Random): string {
  const words = text.split(' ');
  const long = words.map((word, at) => ({ word, at })).filter(({ word }) => /^[a-z]{4,}$/.test(word));
  if (long.length === 0) return text;
  const { word, at } = random.pick(long);
  const place = 1 + Math.floor(random.next() * (word.length - 2));
  const slip = random.pick(['drop', 'double', 'swap'] as const);
  const changed =
    slip === 'drop'
      ? word.slice(0, place) + word.slice(place + 1)
      : slip === 'double'
        ? word.slice(0, place) + word.charAt(place) + word.slice(place)
        : word.slice(0, place) + word.charAt(place + 1) + word.charAt(place) + word.slice(place + 2);
  return words.map((one, index) => (index === at ? changed : one)).join(' ');
}
