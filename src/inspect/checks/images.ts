import {
  attribute,
  attributeRange,
  elementsOf,
  type HtmlElement,
  isElement,
  tagRange,
  textContent,
  walk,
} from '../html.ts';
import { normalised } from '../sandbox-addresses.ts';
import { srcsetCandidates } from '../sandbox-attributes.ts';
import type { CarriedImage, ParsedInput } from './input.ts';
import { hasPlaceholder } from './placeholders.ts';
import type { ImageProblem } from './problems.ts';

/** Octets of one picture above which a phone on the road waits for it. */
const heavyImage = 200 * 1024;
/** The same for all the pictures of a mail. */
const heavyImages = 800 * 1024;

/** Sources, alternative texts, sizes and weights of pictures. */
export function checkImages(input: ParsedInput): ImageProblem[] {
  if (!input.tree) return [];
  const problems: ImageProblem[] = [];
  const carried = input.images && new Map(input.images.map((image) => [image.key, image]));
  const weighed = new Set<CarriedImage>();
  let heaviest: { readonly size: number; readonly element: HtmlElement } | undefined;
  for (const element of elementsOf(input.tree)) {
    const at = (name: string) => ({ check: 'images', where: 'html', range: attributeRange(element, name) }) as const;
    for (const { name, url } of sourcesOf(element)) {
      if (hasPlaceholder(url)) continue;
      const cid = /^cid:(.*)$/is.exec(url)?.[1];
      const image = carried?.get(cid === undefined ? url : decode(cid)) ?? (cid ? carried?.get(cid) : undefined);
      if (image && !weighed.has(image)) {
        weighed.add(image);
        if (!heaviest || image.size > heaviest.size) heaviest = { size: image.size, element };
        if (image.size > heavyImage) {
          const facts = { name: image.name || image.key, size: image.size, limit: heavyImage };
          problems.push({ ...at(name), code: 'image-heavy', severity: 'warning', ...facts });
        }
      } else if (!image && cid !== undefined && carried) {
        problems.push({ ...at(name), code: 'image-cid-unknown', severity: 'warning', cid: decode(cid) });
      } else if (!image && isRelative(url) && !input.relativeImages) {
        problems.push({ ...at(name), code: 'image-relative', severity: 'warning', url });
      }
    }
    if (element.tagName === 'img') problems.push(...checkImage(element));
  }
  const size = [...weighed].reduce((sum, image) => sum + image.size, 0);
  if (size > heavyImages && heaviest) {
    const range = tagRange(heaviest.element);
    problems.push({
      check: 'images',
      code: 'images-heavy',
      severity: 'warning',
      where: 'html',
      range,
      size,
      limit: heavyImages,
    });
  }
  return problems;
}

function checkImage(element: HtmlElement): ImageProblem[] {
  const problems: ImageProblem[] = [];
  const base = { check: 'images', where: 'html', range: tagRange(element) } as const;
  const source = attribute(element, 'src');
  if (source === undefined || normalised(source) === '') {
    const what = source === undefined ? 'nothing' : 'empty';
    problems.push({ ...base, code: 'image-without-source', severity: 'warning', what });
  }
  const alt = attribute(element, 'alt');
  const silenced = attribute(element, 'role') === 'presentation' || attribute(element, 'aria-hidden') === 'true';
  const linked = isOnlyContentOfLink(element);
  if ((alt === undefined && !silenced) || (linked && (alt ?? '').trim() === '' && !attribute(element, 'aria-label'))) {
    problems.push({ ...base, code: 'image-without-alt', severity: 'warning', linked });
  }
  const style = attribute(element, 'style') ?? '';
  if (attribute(element, 'width') === undefined && !/(^|[;\s])(max-)?width\s*:/i.test(style)) {
    problems.push({ ...base, code: 'image-without-size', severity: 'information' });
  }
  return problems;
}

function* sourcesOf(element: HtmlElement): Generator<{ readonly name: string; readonly url: string }> {
  for (const name of ['src', 'background', 'poster']) {
    const value = attribute(element, name);
    if (value !== undefined && normalised(value) !== '') yield { name, url: normalised(value) };
  }
  for (const { url } of srcsetCandidates(attribute(element, 'srcset') ?? '')) yield { name: 'srcset', url };
}

/** Whether a picture is all that a link shows, so that its alternative text is the link's name. */
function isOnlyContentOfLink(image: HtmlElement): boolean {
  for (let parent = image.parentNode; parent && isElement(parent); parent = parent.parentNode) {
    if (parent.tagName !== 'a') continue;
    if (attribute(parent, 'href') === undefined || attribute(parent, 'aria-label')) return false;
    let named = textContent(parent).trim() !== '';
    walk(parent, (node) => {
      if (isElement(node) && node !== image && attribute(node, 'alt')?.trim()) named = true;
      return undefined;
    });
    return !named;
  }
  return false;
}

function isRelative(url: string): boolean {
  return !/^([a-z][a-z0-9+.-]*:|\/\/|#)/i.test(url);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
