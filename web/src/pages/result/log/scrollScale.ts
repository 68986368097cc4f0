/** Taller elements are cut off: Firefox ends at 17.9 million pixels, and offsets become coarse. */
export const tallestElement = 8_000_000;

/**
 * Maps what a scroll bar says to a place in content that may be taller than any element can be.
 * `position` is the place: content pixels above the top of the viewport. Content that fits is not
 * scaled: there, position and scrollTop are the same.
 */
export class ScrollScale {
  constructor(
    readonly content: number,
    readonly viewport: number,
    private readonly tallest = tallestElement,
  ) {}

  /** Height of the element that makes the scroll bar. */
  get height(): number {
    return Math.min(this.content, this.tallest);
  }

  /** The greatest position. */
  get end(): number {
    return Math.max(0, this.content - this.viewport);
  }

  get scaled(): boolean {
    return this.content > this.tallest;
  }

  clamp(position: number): number {
    return Math.min(Math.max(0, position), this.end);
  }

  positionOf(scrollTop: number): number {
    if (this.travel === 0) return 0;
    return this.clamp((scrollTop / this.travel) * this.end);
  }

  scrollTopOf(position: number): number {
    if (this.end === 0) return 0;
    return (this.clamp(position) / this.end) * this.travel;
  }

  /**
   * Where the reader is after the browser scrolled from one scrollTop to another. A step within the
   * viewport (a wheel, a key, a finger) moves the content by as many pixels, however much is
   * scaled; a longer one is a drag of the bar and goes to its place. Both ends can be reached.
   */
  moved(position: number, from: number, to: number): number {
    if (!this.scaled) return this.clamp(to);
    if (to <= 0) return 0;
    if (to >= this.travel - 1) return this.end;
    if (Math.abs(to - from) > this.viewport) return this.positionOf(to);
    return this.clamp(position + to - from);
  }

  private get travel(): number {
    return Math.max(0, this.height - this.viewport);
  }
}
