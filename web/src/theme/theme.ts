/**
 * The look: warm neutral greys, one violet accent, dense controls, the system's fonts. Colours of
 * statuses are in status.css. Every pair of text and ground has a contrast of at least 4.5.
 */
import {
  createTheme,
  defaultVariantColorsResolver,
  type CSSVariablesResolver,
  type MantineColorsTuple,
} from '@mantine/core';

const iris: MantineColorsTuple = [
  '#f1f0fe',
  '#e2e0fb',
  '#c6c2f6',
  '#a9a3f0',
  '#8f87ea',
  '#7c72e2',
  '#6a60d6',
  '#544bc1',
  '#463ea6',
  '#38328a',
];

const gray: MantineColorsTuple = [
  '#fafaf8',
  '#f3f3f0',
  '#e9e9e5',
  '#dcdcd7',
  '#c9c9c3',
  '#a3a39c',
  '#6b6b65',
  '#50504b',
  '#353531',
  '#1f1f1c',
];

const dark: MantineColorsTuple = [
  '#e6e7eb',
  '#c9ccd4',
  '#a4a9b6',
  '#7d8494',
  '#363b47',
  '#272b35',
  '#1c2029',
  '#14171e',
  '#0f1117',
  '#0a0c10',
];

const sans =
  'Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif';
const mono =
  'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace';

const surface = { background: 'var(--surface)' };
const dialog = { closeButtonProps: { 'aria-label': 'Close' } };
const dialogStyles = { header: surface, title: { fontWeight: 620, fontSize: '1rem' } };

export const theme = createTheme({
  colors: { iris, gray, dark },
  primaryColor: 'iris',
  primaryShade: { light: 7, dark: 6 },
  black: '#1f1f1c',
  fontFamily: sans,
  fontFamilyMonospace: mono,
  headings: {
    fontFamily: sans,
    fontWeight: '640',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.3' },
      h2: { fontSize: '1rem', lineHeight: '1.4' },
      h3: { fontSize: '0.875rem', lineHeight: '1.4' },
    },
  },
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  defaultRadius: 'md',
  radius: { xs: '3px', sm: '5px', md: '7px', lg: '10px', xl: '16px' },
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  variantColorResolver: (input) => {
    const colors = defaultVariantColorsResolver(input);
    // Light grounds of the default shades are too pale for their text in the dark.
    return input.variant === 'light' && input.color === 'gray'
      ? { ...colors, color: 'var(--mantine-color-text)' }
      : colors;
  },
  // Written out, not `Button.extend(…)`: the theme comes with the first load, and few of these do.
  components: {
    Button: { defaultProps: { size: 'xs', fw: 560 } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
    Badge: { defaultProps: { variant: 'light', radius: 'sm', tt: 'none', fw: 560 } },
    Modal: {
      defaultProps: { centered: true, overlayProps: { blur: 2 }, ...dialog },
      styles: { ...dialogStyles, content: { ...surface, border: '1px solid var(--line)' } },
    },
    Drawer: { defaultProps: dialog, styles: { ...dialogStyles, content: surface } },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Close this notice' } } },
    Switch: { defaultProps: { withThumbIndicator: false } },
    Tooltip: { defaultProps: { openDelay: 300, withArrow: true } },
  },
});

/** Grounds of badges and alerts, from the colours of statuses. */
const grounds = {
  '--mantine-color-teal-light': 'var(--status-success-ground)',
  '--mantine-color-red-light': 'var(--status-failure-ground)',
  '--mantine-color-orange-light': 'var(--status-retry-ground)',
  '--mantine-color-yellow-light': 'var(--status-retry-ground)',
  '--mantine-color-gray-light': 'var(--status-pending-ground)',
};

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...grounds,
    '--mantine-color-body': '#fbfbf9',
    '--mantine-color-dimmed': '#63635d',
    '--mantine-color-placeholder': '#6b6b65',
    '--mantine-color-error': '#b4232c',
    '--mantine-color-default-border': '#dcdcd7',
    '--surface': '#ffffff',
    '--surface-sunken': '#f4f4f1',
    '--line': '#e6e6e1',
    '--accent-text': '#4b43b3',
    '--mantine-color-red-filled': '#c4353b',
    '--mantine-color-red-filled-hover': '#b02c32',
    // Words on the light grounds of badges and alerts: the default shades are too pale.
    '--mantine-color-teal-light-color': '#05614a',
    '--mantine-color-orange-light-color': '#9a3706',
    '--mantine-color-yellow-light-color': '#7d4b00',
    '--mantine-color-red-light-color': '#b4232c',
    '--mantine-color-grape-light-color': '#7b2a8f',
  },
  dark: {
    ...grounds,
    '--mantine-color-body': '#0f1117',
    '--mantine-color-dimmed': '#a0a6b4',
    '--mantine-color-placeholder': '#8f96a6',
    '--mantine-color-error': '#ff8b8b',
    '--mantine-color-default-border': '#303540',
    '--surface': '#151820',
    '--surface-sunken': '#0c0e13',
    '--line': '#252a34',
    '--accent-text': '#aca6f5',
    '--mantine-color-red-filled': '#c4353b',
    '--mantine-color-red-filled-hover': '#b02c32',
    // The titles of alerts say how they are meant, as in the light.
    '--mantine-color-teal-light-color': 'var(--status-success)',
    '--mantine-color-orange-light-color': 'var(--status-retry)',
    '--mantine-color-yellow-light-color': 'var(--status-retry)',
    '--mantine-color-red-light-color': 'var(--status-failure)',
  },
});
