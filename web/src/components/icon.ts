/**
 * How Tabler's icons are drawn: the build has them use this instead of their own `createReactComponent` (build/firstLoad.ts). Two elements
 * with few attributes each, where theirs have up to eleven elements: a list of fifty rows has a hundred icons.
 */
import { createElement, type SVGAttributes } from 'react';

interface IconProps extends Omit<SVGAttributes<SVGSVGElement>, 'stroke'> {
  size?: number | string;
  stroke?: string | number;
}

export default function createIcon(
  type: 'outline' | 'filled',
  _name: string,
  _pascalName: string,
  parts: readonly [string, { d: string }][],
) {
  // Strokes of one path look like those of several; what is filled could become a hole.
  const shapes = parts.map(([, { d }]) => d);
  const paths = type === 'outline' ? [shapes.join('')] : shapes;
  return function Icon({ size = 24, stroke = 2, color, className, style, ...rest }: IconProps) {
    return createElement(
      'svg',
      {
        width: size,
        height: size,
        viewBox: '0 0 24 24',
        strokeWidth: type === 'outline' ? stroke : undefined,
        ...rest,
        className: className === undefined ? `icon-${type}` : `icon-${type} ${className}`,
        style: color === undefined ? style : { ...style, color },
      },
      ...paths.map((d, index) => createElement('path', { key: index, d })),
    );
  };
}
