/**
 * Where rows lie, of which most have one height and those that were seen may have another. Costs
 * memory for the exceptions only, so that a million rows cost nothing.
 */
export class RowHeights {
  private readonly extra = new Map<number, number>();
  /** Exceptions in order, and the sum of the extra heights before each; null when out of date. */
  private index: { rows: number[]; before: number[] } | null = null;

  constructor(readonly base: number) {}

  /** Notes the height of a row; whether that was news. */
  set(row: number, height: number): boolean {
    const extra = height - this.base;
    if ((this.extra.get(row) ?? 0) === extra) return false;
    if (extra === 0) this.extra.delete(row);
    else this.extra.set(row, extra);
    this.index = null;
    return true;
  }

  clear(): void {
    this.extra.clear();
    this.index = null;
  }

  /** Pixels above a row. */
  offsetOf(row: number): number {
    const { rows, before } = this.built();
    return row * this.base + before[countBelow(rows, row)]!;
  }

  heightOf(row: number): number {
    return this.base + (this.extra.get(row) ?? 0);
  }

  /** The row at a pixel; past the last row it goes on with rows of the usual height. */
  rowAt(pixel: number): number {
    const { rows } = this.built();
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.offsetOf(rows[middle]! + 1) <= pixel) low = middle + 1;
      else high = middle;
    }
    // The first exception that ends below the pixel: the row is that or one of those before it.
    const after = low === 0 ? 0 : rows[low - 1]! + 1;
    const usual = after + Math.floor((pixel - this.offsetOf(after)) / this.base);
    const row = low < rows.length ? Math.min(usual, rows[low]!) : usual;
    return Math.max(0, row);
  }

  private built() {
    if (this.index) return this.index;
    const rows = [...this.extra.keys()].sort((a, b) => a - b);
    const before = [0];
    for (const row of rows) before.push(before.at(-1)! + this.extra.get(row)!);
    this.index = { rows, before };
    return this.index;
  }
}

/** How many of these sorted numbers are below a limit. */
function countBelow(sorted: number[], limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
