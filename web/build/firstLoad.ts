/** What makes the first load small and quick, as parts of Vite's configuration. */
import {
  convertCssVariables,
  DEFAULT_THEME,
  defaultCssVariablesResolver,
  mergeMantineTheme,
} from '@mantine/core';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { cssVariables, theme } from '../src/theme/theme';

/** The components of Mantine that the page uses. All there are would have three times as many styles. */
const components = new Set(
  'ActionIcon Alert Anchor Badge Button Checkbox CheckboxCard CheckboxIndicator CloseButton Code Combobox Drawer Group InlineInput Input Loader Mark Menu Modal ModalBase Notification NumberInput Overlay Pagination Paper PasswordInput Pill PillsInput Popover Progress ScrollArea Spoiler Stack Switch Table Tabs Text Timeline Title Tooltip UnstyledButton VisuallyHidden'.split(
    ' ',
  ),
);

/**
 * Has Mantine's components bring their styles along, which then come with the code that needs them; they are in a layer, so that the page's
 * own styles win wherever they stand. The build fails when the list of components is not what the code uses.
 */
export function stylesOfMantine(): Plugin {
  return {
    name: 'styles-of-mantine',
    apply: 'build',
    transform(code, id) {
      const name = basename(id, '.module.mjs');
      if (!ofMantine.test(id) || !components.has(name)) return null;
      return `import '@mantine/core/styles/${name}.layer.css';\n${code}`;
    },
    generateBundle(_options, bundle) {
      const used = new Set<string>();
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk') continue;
        for (const [id, { renderedLength }] of Object.entries(file.modules)) {
          if (renderedLength > 0 && ofMantine.test(id)) used.add(basename(id, '.module.mjs'));
        }
      }
      const missing = [...used].filter((name) => !components.has(name));
      const idle = [...components].filter((name) => !used.has(name));
      if (missing.length + idle.length === 0) return;
      this.error(
        `build/firstLoad.ts lacks ${missing.join(', ') || 'none'}; has without need: ${idle.join(', ') || 'none'}.`,
      );
    },
  };
}

const ofMantine = /@mantine\/core\/esm\/.*\.module\.mjs$/;

/** The provider's styles at run time are left out: the page has them as a file (`withCssVariables={false}`). */
export function withoutRuntimeVariables(): Plugin {
  return {
    name: 'without-runtime-variables',
    apply: 'build',
    load(id) {
      if (!/MantineProvider\/MantineCssVariables\/MantineCssVariables\.mjs$/.test(id)) return null;
      return 'export const MantineCssVariables = () => null;';
    },
  };
}

/** Draws Tabler's icons by src/components/icon.ts. */
export function plainIcons(): Plugin {
  const ours = fileURLToPath(new URL('../src/components/icon.ts', import.meta.url));
  let found = false;
  return {
    name: 'plain-icons',
    apply: 'build',
    enforce: 'pre',
    resolveId(source, importer) {
      if (!source.endsWith('/createReactComponent.mjs') || !importer?.includes('/@tabler/'))
        return null;
      found = true;
      return ours;
    },
    buildEnd(error) {
      if (error === undefined && !found) this.error('The icons are drawn by something else now.');
    },
  };
}

/** `theme.css`: the variables of the theme, which Mantine would else work out and write on every visit. */
export function themeVariables(): Plugin {
  const name = 'virtual:theme.css';
  let components = '';
  return {
    name: 'theme-variables',
    configResolved({ command }) {
      if (command === 'serve') components = `@import '@mantine/core/styles.layer.css';`;
    },
    resolveId: (id) => (id === name ? `\0${name}` : null),
    load(id) {
      if (id !== `\0${name}`) return null;
      const whole = mergeMantineTheme(DEFAULT_THEME, theme);
      const usual = defaultCssVariablesResolver(whole);
      const ours = cssVariables(whole);
      const variables = convertCssVariables({
        variables: { ...usual.variables, ...ours.variables },
        light: { ...usual.light, ...ours.light },
        dark: { ...usual.dark, ...ours.dark },
      });
      return components + variables;
    },
  };
}

/** Says to the browser that the code of the first picture is run at once: it compiles it while it comes, beside the page. */
export function compiledAhead(): Plugin {
  return {
    name: 'compiled-ahead',
    generateBundle: {
      order: 'post', // the remark has to stand first
      handler(_options, bundle) {
        for (const file of Object.values(bundle)) {
          if (file.type === 'chunk' && runAtOnce.has(file.name)) {
            file.code = `//# allFunctionsCalledOnLoad\n${file.code}`;
          }
        }
      },
    },
  };
}

const runAtOnce = new Set(['start', 'main', 'Results', 'Jobs']);

/** Has the browser fetch what all pages share while it reads `start`, which imports it. */
export function earlyMain(): Plugin {
  return {
    name: 'early-main',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle, path }) {
        if (bundle === undefined || path !== '/index.html') return [];
        const main = Object.values(bundle).find(
          (one) => one.type === 'chunk' && one.name === 'main',
        );
        if (main?.type !== 'chunk') throw new Error('There is no chunk "main".');
        const styles = [...(main.viteMetadata?.importedCss ?? [])];
        return [
          link({ rel: 'modulepreload', crossorigin: true, href: `/${main.fileName}` }),
          ...styles.map((style) =>
            link({ rel: 'stylesheet', crossorigin: true, href: `/${style}` }),
          ),
        ];
      },
    },
  };
}

function link(attrs: Record<string, string | boolean>) {
  return { tag: 'link', attrs, injectTo: 'head' as const };
}

const ofStart =
  /src\/(start|api\/(addresses|early|statuses)|shell\/(chunks|firstRequests)|pages\/results\/filters)\.ts$|vite\/preload-helper/;
const ofMain =
  /src\/(main|api|components|live|shell|theme|time|pages\/jobs\/groups)\b|node_modules\/(react|react-dom|scheduler|wouter|regexparam|mitt|openapi-fetch|clsx|use-sync-external-store|@mantine\/(core\/esm\/core|hooks)|@tanstack|@tabler)\//;
const ofParts =
  /node_modules\/(@mantine\/(core|notifications|store)|@floating-ui|react-remove-scroll|react-remove-scroll-bar|react-style-singleton|use-callback-ref|use-sidecar|react-transition-group|@babel\/runtime|dom-helpers|tslib|get-nonce|detect-node-es)\//;
const ofMainStyles =
  /@mantine\/core\/styles\/[a-z]|virtual:theme|src\/pages\/(jobs|results)\/.*\.css$/;
const ofComponentStyles = /@mantine\/core\/styles\//;

/** Few pages use these; they come with those. */
const few = '(Drawer|MultiSelect|NumberInput|PasswordInput|Select|Spoiler|Table|Tabs|Timeline)';
const ofFew = new RegExp(
  `src/shell/Palette\\.tsx|@mantine/core/(esm/(index|components/${few}/)|styles/${few}\\.)`,
);

/**
 * Two files for what pages share, because each file more costs a slow machine some milliseconds: `main` is what every first picture
 * needs, `parts` is Mantine's components, which lists come without.
 */
export function chunkOf(id: string): string | undefined {
  if (/commonjsHelpers/.test(id)) return 'main';
  if (ofStart.test(id)) return 'start';
  if (ofMainStyles.test(id)) return 'main';
  if (ofFew.test(id)) return undefined;
  if (ofMain.test(id)) return 'main';
  return ofParts.test(id) || ofComponentStyles.test(id) ? 'parts' : undefined;
}
