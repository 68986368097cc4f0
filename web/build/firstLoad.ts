/** What makes the first load small and quick, as parts of Vite's configuration. */
import {
  convertCssVariables,
  DEFAULT_THEME,
  defaultCssVariablesResolver,
  mergeMantineTheme,
} from '@mantine/core';
import { basename } from 'node:path';
import type { Plugin } from 'vite';
import { cssVariables, theme } from '../src/theme/theme';

/**
 * Holds src/theme/mantine.ts to what is used: the build fails when a Mantine component's code is in it without its styles, or styles
 * without code. All styles would be three times as much.
 */
export function stylesOfMantine(): Plugin {
  return {
    name: 'styles-of-mantine',
    generateBundle(_options, bundle) {
      const code = new Set<string>();
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk') continue;
        for (const [id, { renderedLength }] of Object.entries(file.modules)) {
          if (renderedLength > 0 && ofMantine.test(id)) code.add(basename(id, '.module.mjs'));
        }
      }
      const styles = new Set(
        [...this.getModuleIds()].flatMap(
          (id) => /@mantine\/core\/styles\/([A-Z]\w+)\.layer\.css/.exec(id)?.[1] ?? [],
        ),
      );
      const missing = [...code].filter((name) => !styles.has(name));
      const idle = [...styles].filter((name) => !code.has(name));
      if (missing.length + idle.length === 0) return;
      this.error(
        `src/theme/mantine.ts lacks ${missing.join(', ') || 'none'}; has without need: ${idle.join(', ') || 'none'}.`,
      );
    },
  };
}

const ofMantine = /@mantine\/core\/esm\/.*\.module\.mjs$/;

/** `theme.css`: the variables of the theme, which Mantine would else work out and write on every visit. */
export function themeVariables(): Plugin {
  const name = 'virtual:theme.css';
  return {
    name: 'theme-variables',
    resolveId: (id) => (id === name ? `\0${name}` : null),
    load(id) {
      if (id !== `\0${name}`) return null;
      const whole = mergeMantineTheme(DEFAULT_THEME, theme);
      const usual = defaultCssVariablesResolver(whole);
      const ours = cssVariables(whole);
      return convertCssVariables({
        variables: { ...usual.variables, ...ours.variables },
        light: { ...usual.light, ...ours.light },
        dark: { ...usual.dark, ...ours.dark },
      });
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
  /src\/(main|api|components|live|shell|theme|time)\b|node_modules\/(react|react-dom|scheduler|wouter|regexparam|mitt|openapi-fetch|clsx|use-sync-external-store|@mantine\/(core\/esm\/core|hooks)|@tanstack|@tabler)\//;
const ofParts =
  /node_modules\/(@mantine\/(core|notifications|store)|@floating-ui|react-remove-scroll|react-remove-scroll-bar|react-style-singleton|use-callback-ref|use-sidecar|react-transition-group|@babel\/runtime|dom-helpers|tslib|get-nonce|detect-node-es)\//;
const ofStyles = /@mantine\/core\/styles|virtual:theme/;

/** Few pages use these; they come with those. */
const ofFew =
  /src\/shell\/(Palette\.tsx|search)|@mantine\/core\/esm\/(index|components\/(Drawer|MultiSelect|NumberInput|PasswordInput|Select|Spoiler|Table|Tabs|Timeline)\/)/;

/**
 * Two files for what pages share, because each file more costs a slow machine some milliseconds: `main` is what every first picture
 * needs, `parts` is Mantine's components, which lists come without.
 */
export function chunkOf(id: string): string | undefined {
  if (/commonjsHelpers/.test(id)) return 'helpers'; // which the API page has too, and nothing else of the page's
  if (ofStart.test(id)) return 'start';
  if (id.endsWith('.css') && ofStyles.test(id)) return 'main'; // in one file, in Mantine's order
  if (ofFew.test(id)) return undefined;
  if (ofMain.test(id)) return 'main';
  return ofParts.test(id) ? 'parts' : undefined;
}
