import { Buffer } from 'node:buffer';
import { trimOf } from '../base/trim.ts';
import type { RemoteReference, Resource, SandboxOptions } from './sandbox.ts';
import type { AddressRules } from './sandbox-css.ts';
import { isDrawable } from './sandbox-references.ts';

/** Keeps account of what a mail names, and says what is put in the place of each address. */
export interface AddressBook {
  /** The address to put there: a `data:` one, or, where remote content is allowed, the address itself. */
  address(url: string, kind: RemoteReference['kind'], tracker?: boolean): string | undefined;
  /** Notes a link and answers its index. */
  link(url: string): number;
  readonly rules: AddressRules;
  remote(): readonly RemoteReference[];
  missing(): readonly string[];
  /** How many of the things that the message carries are not shown in every place that names them. */
  leftOut(): number;
  /** How many pictures in SVG are not shown, which might never come to an end. */
  undrawn(): number;
  links(): readonly string[];
  darkStyles(): boolean;
  declaresDark(): boolean;
}

/**
 * Characters of `data:` addresses that one document takes: each place that shows a picture holds all of it, and a row of a
 * table with one, five thousand times, would be more than a window has memory for. What comes after shows its alternative text.
 */
const mostCarried = 24 * 1024 * 1024;

export function addressBook(options: SandboxOptions): AddressBook {
  const remote = new Map<string, RemoteReference>();
  const missing = new Set<string>();
  const links: string[] = [];
  const packed = new Map<Resource, string>();
  let carriedSoFar = 0;
  const leftOut = new Set<Resource>();
  /** Pictures in SVG, parts or addresses, and whether they may be drawn. */
  const drawable = new Map<Resource | string, boolean>();
  let dark = false;
  let declares = false;

  const isDrawn = (picture: Resource | string, content: () => Uint8Array): boolean => {
    const known = drawable.get(picture) ?? isDrawable(content());
    drawable.set(picture, known);
    return known;
  };

  const carried = (resource: Resource): string | undefined => {
    if (/^image\/svg/i.test(resource.type) && !isDrawn(resource, () => resource.content)) return undefined;
    let address = packed.get(resource);
    if (address === undefined) {
      address = dataAddress(resource);
      packed.set(resource, address);
    }
    // The first is always shown: how large a part may be is for whoever reads the message.
    if (carriedSoFar > 0 && carriedSoFar + address.length > mostCarried) {
      leftOut.add(resource);
      return undefined;
    }
    carriedSoFar += address.length;
    return address;
  };

  const address: AddressBook['address'] = (written, kind, tracker = false) => {
    const url = normalised(written);
    if (url === '') return undefined;
    const cid = /^cid:(.*)$/is.exec(url);
    if (cid) {
      const key = decoded(cid[1]!);
      const resource = options.resource(key) ?? options.resource(cid[1]!);
      if (!resource) {
        missing.add(key);
        return undefined;
      }
      return options.images ? carried(resource) : undefined;
    }
    if (/^data:/i.test(url)) {
      if (!options.images || !isShownData(url, kind)) return undefined;
      return !/^data:\s*image\/svg/i.test(url) || isDrawn(url, () => dataContent(url)) ? url : undefined;
    }
    if (/^#/.test(url)) return url;
    const absolute = url.startsWith('//') ? `https:${url}` : url;
    if (/^https?:/i.test(absolute)) {
      if (!remote.has(absolute)) remote.set(absolute, { url: absolute, kind, tracker });
      return options.remote && (options.images || kind !== 'image') ? absolute : undefined;
    }
    // RFC 2557: a part may be named by its Content-Location. Nothing else that is relative can be found.
    const resource = /^[a-z][a-z0-9+.-]*:/i.test(url) ? undefined : options.resource(url);
    return resource && options.images ? carried(resource) : undefined;
  };

  return {
    address,
    link(url) {
      links.push(url);
      return links.length - 1;
    },
    rules: {
      address,
      scheme: options.scheme,
      sawDark(saysSo) {
        dark = true;
        declares ||= saysSo;
      },
    },
    remote: () => [...remote.values()],
    missing: () => [...missing],
    leftOut: () => leftOut.size,
    undrawn: () => [...drawable.values()].filter((is) => !is).length,
    links: () => links,
    darkStyles: () => dark,
    declaresDark: () => declares,
  };
}

const controlsAndSpace = String.fromCharCode(...Array(0x21).keys());

/** As the URL standard reads it: white space and control characters at the ends off, line ends and tabs out. */
export function normalised(url: string): string {
  return trimOf(url, controlsAndSpace).replace(/[\t\n\r]/g, '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Pictures, sounds, films and fonts; not a `data:` page, style or script. */
function isShownData(url: string, kind: RemoteReference['kind']): boolean {
  const type = /^data:([^;,]*)/i.exec(url)?.[1]?.trim().toLowerCase() ?? '';
  if (kind === 'style') return false;
  if (kind === 'font') return /^(font\/|application\/(x-)?font|application\/octet-stream|$)/.test(type);
  return /^(image|audio|video)\//.test(type) || type === '';
}

/** What a `data:` address holds (RFC 2397). */
function dataContent(url: string): Uint8Array {
  const comma = url.indexOf(',');
  const written = url.slice(comma + 1);
  // Octets that are no UTF-8 stay: nothing of what is looked for is hidden in them.
  const plain = written.replace(/(?:%[0-9a-f]{2})+/gi, (hex) => Buffer.from(hex.replaceAll('%', ''), 'hex').toString());
  return /;\s*base64\s*$/i.test(url.slice(0, comma)) ? Buffer.from(plain, 'base64') : Buffer.from(plain);
}

function dataAddress(resource: Resource): string {
  const type = /^(image|audio|video|font)\/[\w.+-]+$/i.test(resource.type) ? resource.type : 'application/octet-stream';
  const bytes = Buffer.from(resource.content.buffer, resource.content.byteOffset, resource.content.byteLength);
  return `data:${type};base64,${bytes.toString('base64')}`;
}
