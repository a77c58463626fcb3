import walk from 'css-tree/walker';
import { parseCss } from '../css-parser.ts';

/** Red, green and blue, 0 to 255. Colours that let the ground through are not told: they depend on it. */
export type Rgb = readonly [red: number, green: number, blue: number];

const names: Readonly<Record<string, string>> = {
  black: '000000',
  silver: 'c0c0c0',
  gray: '808080',
  grey: '808080',
  white: 'ffffff',
  maroon: '800000',
  red: 'ff0000',
  purple: '800080',
  fuchsia: 'ff00ff',
  magenta: 'ff00ff',
  green: '008000',
  lime: '00ff00',
  olive: '808000',
  yellow: 'ffff00',
  navy: '000080',
  blue: '0000ff',
  teal: '008080',
  aqua: '00ffff',
  cyan: '00ffff',
  orange: 'ffa500',
  lightgray: 'd3d3d3',
  lightgrey: 'd3d3d3',
  darkgray: 'a9a9a9',
  darkgrey: 'a9a9a9',
  dimgray: '696969',
  dimgrey: '696969',
  whitesmoke: 'f5f5f5',
  gainsboro: 'dcdcdc',
  darkblue: '00008b',
  darkgreen: '006400',
  darkred: '8b0000',
  lightblue: 'add8e6',
  pink: 'ffc0cb',
  gold: 'ffd700',
  brown: 'a52a2a',
  crimson: 'dc143c',
  tomato: 'ff6347',
  coral: 'ff7f50',
  indigo: '4b0082',
  slategray: '708090',
};

/** An opaque colour as CSS or an old attribute writes it; undefined for anything else. */
export function colorOf(text: string): Rgb | undefined {
  const value = text.trim().toLowerCase();
  const hex = /^#?([0-9a-f]{6})$/.exec(value)?.[1] ?? (Object.hasOwn(names, value) ? names[value] : undefined);
  if (hex) return [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb;
  const short = /^#([0-9a-f]{3})$/.exec(value)?.[1];
  if (short) return [...short].map((digit) => Number.parseInt(digit + digit, 16)) as unknown as Rgb;
  const parts = /^rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)(?:\s*[,/]\s*(?:1|1\.0+|100%))?\s*\)$/.exec(value);
  if (parts) return [1, 2, 3].map((at) => Math.min(255, Number(parts[at]))) as unknown as Rgb;
  return undefined;
}

/** Contrast of two colours, 1 to 21 (WCAG 2.2, "contrast ratio"). */
export function contrastRatio(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light! + 0.05) / (dark! + 0.05);
}

function luminance(color: Rgb): number {
  const [red, green, blue] = color.map((part) => {
    const channel = part / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

export function hexOf(color: Rgb): string {
  return `#${color.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

/** What a style attribute says about colour. `image`: the ground is a picture, or can't be told. */
export interface InlineColors {
  readonly color?: string;
  readonly background?: string;
  readonly image: boolean;
  readonly hidden: boolean;
  /** Pixels, where it is given in pixels or points. */
  readonly size?: number;
  readonly bold?: boolean;
}

export function inlineColors(style: string): InlineColors {
  const found: { -readonly [Key in keyof InlineColors]: InlineColors[Key] } = { image: false, hidden: false };
  const ast = parseCss(style, { context: 'declarationList', onParseError: () => {}, parseValue: false });
  walk(ast, (node) => {
    if (node.type !== 'Declaration' || node.value.type !== 'Raw') return;
    const value = node.value.value.trim().toLowerCase();
    switch (node.property.toLowerCase()) {
      case 'color':
        found.color = value;
        break;
      case 'background':
      case 'background-color':
        if (/url\(|gradient/.test(value)) found.image = true;
        else if (colorOf(value)) found.background = value;
        else if (value !== 'none' && value !== 'transparent') found.image = true;
        break;
      case 'background-image':
        if (value !== 'none') found.image = true;
        break;
      case 'display':
      case 'visibility':
        if (value === 'none' || value === 'hidden') found.hidden = true;
        break;
      case 'opacity':
        if (Number.parseFloat(value) < 1) found.image = true;
        break;
      case 'font-size': {
        const match = /^([\d.]+)(px|pt)$/.exec(value);
        if (match) found.size = Number.parseFloat(match[1]!) * (match[2] === 'pt' ? 4 / 3 : 1);
        break;
      }
      case 'font-weight':
        found.bold = value === 'bold' || Number.parseInt(value, 10) >= 700;
        break;
    }
  });
  return found;
}
