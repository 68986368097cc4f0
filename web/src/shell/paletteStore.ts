import { createSpotlight } from '@mantine/spotlight';

/** The palette's switch, apart from the palette itself, which is loaded after the page. */
export const [paletteStore, palette] = createSpotlight();
export const openPalette = palette.open;
