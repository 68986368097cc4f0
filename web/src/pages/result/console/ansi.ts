/** Colours of terminal output, as spans: text stays text, so that no output becomes markup. */
import Anser from 'anser';
import type { CSSProperties } from 'react';

export interface Span {
  text: string;
  style: CSSProperties;
}

const named = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

/** A colour as the library tells it: a name of the sixteen, a palette place, or red, green, blue. */
function colour(name: string | null, truecolor: string | null): string | undefined {
  if (!name) return undefined;
  if (name === 'ansi-truecolor') return `rgb(${truecolor})`;
  const palette = /^ansi-palette-(\d+)$/.exec(name);
  if (palette) return paletteColour(Number(palette[1]));
  const plain = name.replace(/^ansi-(bright-)?/, '');
  return named.includes(plain) ? `var(--${name})` : undefined;
}

/** Places 16 to 255 of the usual palette: a cube of 6 × 6 × 6 colours, then greys. */
function paletteColour(place: number): string {
  if (place >= 232) {
    const grey = (place - 232) * 10 + 8;
    return `rgb(${grey}, ${grey}, ${grey})`;
  }
  const level = (step: number) => (step === 0 ? 0 : step * 40 + 55);
  const at = place - 16;
  return `rgb(${level(Math.floor(at / 36))}, ${level(Math.floor(at / 6) % 6)}, ${level(at % 6)})`;
}

export function spansOf(line: string): Span[] {
  return Anser.ansiToJson(line, { json: true, use_classes: true, remove_empty: true }).map(
    (part) => {
      const style: CSSProperties = {};
      const color = colour(part.fg, part.fg_truecolor);
      const ground = colour(part.bg, part.bg_truecolor);
      if (color) style.color = color;
      if (ground) style.backgroundColor = ground;
      if (part.decorations.includes('bold')) style.fontWeight = 700;
      if (part.decorations.includes('dim')) style.opacity = 0.75;
      if (part.decorations.includes('italic')) style.fontStyle = 'italic';
      if (part.decorations.includes('underline')) style.textDecoration = 'underline';
      return { text: part.content, style };
    },
  );
}
