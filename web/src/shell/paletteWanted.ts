/** Asks for the palette, which may not be loaded yet. */
const listeners = new Set<() => void>();

export function openPalette(): void {
  listeners.forEach((heard) => heard());
}

/** Calls back when somebody wants the palette; the answer stops that. */
export function onPaletteWanted(heard: () => void): () => void {
  listeners.add(heard);
  return () => void listeners.delete(heard);
}
