/** A small builder for sparse mixed-integer models (maximise), in the column arrays HiGHS takes. */

export interface LinearModel {
  readonly columnCount: number;
  readonly rowCount: number;
  readonly cost: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly isInteger: Int32Array;
  readonly rowLower: Float64Array;
  readonly rowUpper: Float64Array;
  /** Compressed rows. */
  readonly rowStart: Int32Array;
  readonly column: Int32Array;
  readonly coefficient: Float64Array;
}

export interface ColumnSpec {
  readonly cost?: number;
  readonly lower?: number;
  readonly upper?: number;
  readonly integer?: boolean;
}

export class LinearModelBuilder {
  readonly #cost: number[] = [];
  readonly #lower: number[] = [];
  readonly #upper: number[] = [];
  readonly #integer: number[] = [];
  readonly #rowLower: number[] = [];
  readonly #rowUpper: number[] = [];
  readonly #rowStart: number[] = [0];
  readonly #column: number[] = [];
  readonly #coefficient: number[] = [];

  /** Adds a variable and returns its index. */
  column({ cost = 0, lower = 0, upper = Number.POSITIVE_INFINITY, integer = false }: ColumnSpec): number {
    this.#cost.push(cost);
    this.#lower.push(lower);
    this.#upper.push(upper);
    this.#integer.push(integer ? 1 : 0);
    return this.#cost.length - 1;
  }

  /** lower <= sum of coefficient * column <= upper. */
  row(
    terms: Iterable<readonly [column: number, coefficient: number]>,
    bounds: { readonly lower?: number; readonly upper?: number },
  ): void {
    for (const [column, coefficient] of terms) {
      this.#column.push(column);
      this.#coefficient.push(coefficient);
    }
    this.#rowStart.push(this.#column.length);
    this.#rowLower.push(bounds.lower ?? Number.NEGATIVE_INFINITY);
    this.#rowUpper.push(bounds.upper ?? Number.POSITIVE_INFINITY);
  }

  get columnCount(): number {
    return this.#cost.length;
  }

  build(): LinearModel {
    return {
      columnCount: this.#cost.length,
      rowCount: this.#rowLower.length,
      cost: Float64Array.from(this.#cost),
      lower: Float64Array.from(this.#lower),
      upper: Float64Array.from(this.#upper),
      isInteger: Int32Array.from(this.#integer),
      rowLower: Float64Array.from(this.#rowLower),
      rowUpper: Float64Array.from(this.#rowUpper),
      rowStart: Int32Array.from(this.#rowStart),
      column: Int32Array.from(this.#column),
      coefficient: Float64Array.from(this.#coefficient),
    };
  }
}
