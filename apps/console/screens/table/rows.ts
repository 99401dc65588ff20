/** What a table does with its rows: sort by a column, keep those that match a text, cut a page. Pure. */
export type SortValue = string | number | undefined;
export interface Sorting {
  readonly column: string;
  readonly direction: 'ascending' | 'descending';
}

/** Rows without a value come last in either direction; ties keep their order. */
export function sortRows<R>(
  rows: readonly R[],
  valueOf: (row: R) => SortValue,
  direction: Sorting['direction'],
  locale: string,
): readonly R[] {
  const collator = new Intl.Collator(locale, { numeric: true, sensitivity: 'base' });
  const sign = direction === 'ascending' ? 1 : -1;
  return rows
    .map((row) => ({ row, value: valueOf(row) }))
    .sort((a, b) => {
      if (a.value === undefined || b.value === undefined)
        return Number(a.value === undefined) - Number(b.value === undefined);
      if (typeof a.value === 'number' && typeof b.value === 'number') return sign * (a.value - b.value);
      return sign * collator.compare(String(a.value), String(b.value));
    })
    .map(({ row }) => row);
}

/** Every word must occur somewhere in the row's text. */
export function matches(text: string, wanted: string): boolean {
  const haystack = text.toLocaleLowerCase();
  return wanted
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => haystack.includes(word));
}

export interface Page<R> {
  readonly rows: readonly R[];
  readonly index: number;
  readonly count: number;
}

/** The page asked for, or the last one there is. */
export function pageOf<R>(rows: readonly R[], index: number, size: number): Page<R> {
  const count = Math.max(1, Math.ceil(rows.length / size));
  const at = Math.min(Math.max(0, index), count - 1);
  return { rows: rows.slice(at * size, (at + 1) * size), index: at, count };
}
