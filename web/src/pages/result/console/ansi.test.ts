import { describe, expect, it } from 'vitest';
import { spansOf } from './ansi';

describe('spans of a terminal line', () => {
  it('are coloured as the line says', () => {
    expect(spansOf('\u001b[31mred\u001b[0m and \u001b[1;32mgreen\u001b[0m')).toEqual([
      { text: 'red', style: { color: 'var(--ansi-red)' } },
      { text: ' and ', style: {} },
      { text: 'green', style: { color: 'var(--ansi-green)', fontWeight: 700 } },
    ]);
  });

  it('know bright colours, the palette and any colour', () => {
    expect(spansOf('\u001b[91mx')[0]!.style.color).toBe('var(--ansi-bright-red)');
    expect(spansOf('\u001b[38;5;208mx')[0]!.style.color).toBe('rgb(255, 135, 0)');
    expect(spansOf('\u001b[48;2;1;2;3mx')[0]!.style.backgroundColor).toBe('rgb(1, 2, 3)');
    expect(spansOf('\u001b[38;5;244mx')[0]!.style.color).toBe('rgb(128, 128, 128)');
  });

  it('leave markup as text', () => {
    expect(spansOf('<img src=x onerror=alert(1)>')).toEqual([
      { text: '<img src=x onerror=alert(1)>', style: {} },
    ]);
  });
});
