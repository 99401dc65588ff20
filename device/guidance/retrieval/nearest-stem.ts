/**
 * A mistyped word stands for the only known one that is a slip away: a letter left out, doubled, swapped or another.
 * Short words and other first letters are left alone, there too much would be near.
 */
const SHORTEST = 5;

export function nearestStem(stem: string, known: ReadonlyMap<string, number>): string {
  if (known.has(stem) || stem.length < SHORTEST) return stem;
  let nearest: string | undefined;
  for (const other of known.keys()) {
    if (!isSlip(stem, other)) continue;
    if (nearest !== undefined) return stem;
    nearest = other;
  }
  return nearest ?? stem;
}

function isSlip(typed: string, meant: string): boolean {
  if (typed[0] !== meant[0] || Math.abs(typed.length - meant.length) > 1 || meant.length < SHORTEST - 1)
    return false;
  let same = 0;
  while (same < typed.length && typed[same] === meant[same]) same += 1;
  const rest = (skipTyped: number, skipMeant: number): boolean =>
    typed.slice(same + skipTyped) === meant.slice(same + skipMeant);
  const isSwapped = typed[same] === meant[same + 1] && typed[same + 1] === meant[same] && rest(2, 2);
  return isSwapped || rest(1, 1) || rest(1, 0) || rest(0, 1);
}
