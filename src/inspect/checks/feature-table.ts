/**
 * Which of caniemail's features (by their slugs, https://www.caniemail.com/features/) a piece of HTML or CSS stands for. A
 * test holds these tables against the data: every slug exists, and what is in no table is named there with its reason.
 */
type Slugs = Readonly<Record<string, string>>;

/** Words whose slug is the word itself behind a prefix. */
function named(prefix: string, words: string): Slugs {
  return Object.fromEntries(words.split(' ').map((word) => [word, prefix + word]));
}

/** Words that share one slug. */
function all(slug: string, words: string): Slugs {
  return Object.fromEntries(words.split(' ').map((word) => [word, slug]));
}

export const elements: Slugs = {
  ...named(
    'html-',
    'abbr acronym address audio base bdi blockquote body code del dfn dialog div form hr img link marquee ' +
      'meter object p picture pre progress rp rt ruby select small span strike strong style svg table textarea ' +
      'video wbr',
  ),
  ...all('html-h1-h6', 'h1 h2 h3 h4 h5 h6'),
  map: 'html-image-maps',
  ...all('html-lists', 'ul ol dl'),
  ...all('html-semantics', 'article aside details figcaption figure footer header main mark nav section summary time'),
};

/** Element and its type. */
export const inputs: Slugs = {
  ...named(
    'html-',
    'input-checkbox input-hidden input-radio input-reset input-submit input-text button-reset button-submit',
  ),
};

export const attributes: Slugs = {
  ...named(
    'html-',
    'align aria-describedby aria-hidden aria-label aria-labelledby aria-live background cellpadding ' +
      'cellspacing dir height hidden lang popover required role srcset target valign width',
  ),
  loading: 'html-loading-attribute',
  sizes: 'html-srcset',
  inert: 'css-inert-attribute',
};

/** Extension or subtype. */
export const images: Slugs = {
  ...named('image-', 'apng avif bmp gif heif ico jpg mp4 png svg tiff webp hdr'),
  heic: 'image-heif',
  jpeg: 'image-jpg',
  'svg+xml': 'image-svg',
  tif: 'image-tiff',
  'x-icon': 'image-ico',
};

export const properties: Slugs = {
  ...named(
    'css-',
    'accent-color align-items animation aspect-ratio backdrop-filter background-blend-mode background-clip ' +
      'background-color background-image background-origin background-position background-repeat background-' +
      'size background inline-size border-collapse border-image border-radius border-spacing border box-shadow ' +
      'box-sizing caption-side clear clip-path color-scheme column-count cursor direction display empty-cells ' +
      'filter float font-kerning font-size-adjust font-size font-stretch font-weight font gap grid-template ' +
      'height hyphenate-character hyphenate-limit-chars hyphens inset justify-content letter-spacing line-' +
      'height list-style-image list-style-position list-style-type list-style margin mask-image max-block-size ' +
      'max-height max-inline-size max-width min-block-size min-height min-inline-size min-width mix-blend-mode ' +
      'object-fit object-position opacity orphans outline-offset outline overflow-wrap overflow padding ' +
      'position resize shape-margin shape-outside tab-size table-layout text-align-last text-align text-' +
      'decoration-color text-decoration-line text-decoration-skip-ink text-decoration-style text-decoration-' +
      'thickness text-decoration text-emphasis-position text-emphasis text-indent text-justify text-orientation ' +
      'text-overflow text-shadow text-transform text-underline-offset text-underline-position text-wrap ' +
      'transform transition user-select vertical-align visibility white-space-collapse white-space widows width ' +
      'word-break word-spacing word-wrap writing-mode z-index',
  ),
  ...all(
    'css-animation',
    'animation-name animation-duration animation-delay animation-iteration-count animation-timing-' +
      'function animation-fill-mode animation-direction animation-play-state',
  ),
  'block-size': 'css-block-inline-size',
  ...all(
    'css-border-image',
    'border-image-source border-image-slice border-image-width border-image-outset border-image-' + 'repeat',
  ),
  ...all(
    'css-border-inline-block-individual',
    'border-block-end border-block-start border-inline-end border-inline-start',
  ),
  ...all(
    'css-border-inline-block-longhand',
    'border-block-color border-block-style border-block-width border-inline-color border-inline-style ' +
      'border-inline-width',
  ),
  ...all('css-border-inline-block', 'border-inline border-block'),
  ...all(
    'css-border-radius-logical',
    'border-end-end-radius border-end-start-radius border-start-end-radius border-start-start-radius',
  ),
  ...all(
    'css-border-radius',
    'border-top-left-radius border-top-right-radius border-bottom-left-radius border-bottom-right-' + 'radius',
  ),
  ...all(
    'css-border',
    'border-top border-right border-bottom border-left border-width border-style border-color border-' +
      'top-width border-top-style border-top-color border-right-width border-right-style border-right-' +
      'color border-bottom-width border-bottom-style border-bottom-color border-left-width border-left-' +
      'style border-left-color',
  ),
  ...all(
    'css-column-layout-properties',
    'column-fill column-rule column-rule-color column-rule-style column-rule-width column-span ' +
      'column-width columns',
  ),
  ...all('css-gap', 'column-gap row-gap'),
  ...all('css-grid-template', 'grid-template-areas grid-template-columns grid-template-rows'),
  inert: 'css-inert-attribute',
  ...all('css-left-right-top-bottom', 'left right top bottom'),
  ...all('css-margin-block-start-end', 'margin-block-start margin-block-end'),
  ...all('css-margin-inline-block', 'margin-inline margin-block'),
  ...all('css-margin-inline-start-end', 'margin-inline-start margin-inline-end'),
  ...all('css-margin', 'margin-top margin-right margin-bottom margin-left'),
  ...all('css-outline', 'outline-color outline-style outline-width'),
  ...all('css-overflow', 'overflow-x overflow-y'),
  ...all('css-padding-block-start-end', 'padding-block-start padding-block-end'),
  ...all('css-padding-inline-block', 'padding-inline padding-block'),
  ...all('css-padding-inline-start-end', 'padding-inline-start padding-inline-end'),
  ...all('css-padding', 'padding-top padding-right padding-bottom padding-left'),
  ...all('css-scroll-snap', 'scroll-snap-type scroll-snap-align scroll-snap-stop'),
  ...all('css-text-emphasis', 'text-emphasis-color text-emphasis-style'),
  ...all('css-transition', 'transition-property transition-duration transition-delay transition-timing-function'),
};

/** Property and value. */
export const pairs: Slugs = {
  'display:flex': 'css-display-flex',
  'display:inline-flex': 'css-display-flex',
  'display:grid': 'css-display-grid',
  'display:inline-grid': 'css-display-grid',
  'display:none': 'css-display-none',
  'flex-direction:column': 'css-flex-direction',
  'flex-direction:column-reverse': 'css-flex-direction',
  'flex-wrap:wrap': 'css-flex-wrap',
};

export const atrules: Slugs = {
  ...named('css-at-', 'font-face import keyframes supports'),
};

export const pseudoClasses: Slugs = {
  ...named(
    'css-pseudo-class-',
    'active checked default first-child first-of-type focus-visible focus-within focus has hover lang last-' +
      'child last-of-type link not nth-child nth-last-child nth-last-of-type nth-of-type only-child only-of-' +
      'type target visited',
  ),
};

export const pseudoElements: Slugs = {
  ...named('css-pseudo-element-', 'after before first-letter first-line marker placeholder'),
};

export const combinators: Slugs = {
  ' ': 'css-selector-descendant',
  '>': 'css-selector-child',
  '+': 'css-selector-adjacent-sibling',
  '~': 'css-selector-general-sibling',
};

export const units: Slugs = {
  ...named('css-unit-', 'ch cm em ex in mm pc pt px rem vh vmax vmin vw'),
};

export const functions: Slugs = {
  calc: 'css-unit-calc',
  clamp: 'css-function-clamp',
  'light-dark': 'css-function-light-dark',
  max: 'css-function-max',
  min: 'css-function-min',
  'conic-gradient': 'css-conic-gradient',
  'linear-gradient': 'css-linear-gradient',
  'radial-gradient': 'css-radial-gradient',
  lch: 'css-modern-color',
  oklch: 'css-modern-color',
  lab: 'css-modern-color',
  oklab: 'css-modern-color',
  rgb: 'css-rgb',
  rgba: 'css-rgba',
  var: 'css-variables',
};

/** Values, in any property. */
export const keywords: Slugs = {
  initial: 'css-unit-initial',
  'fit-content': 'css-intrinsic-size',
  'max-content': 'css-intrinsic-size',
  'min-content': 'css-intrinsic-size',
  'system-ui': 'css-sytem-ui',
  'ui-serif': 'css-sytem-ui',
  'ui-sans-serif': 'css-sytem-ui',
  'ui-rounded': 'css-sytem-ui',
  'ui-monospace': 'css-sytem-ui',
};

/** A word of a media query; the first that is found names the feature. */
export const mediaFeatures: readonly (readonly [word: string, slug: string])[] = [
  ['device-pixel-ratio', 'css-at-media-device-pixel-ratio'],
  ['prefers-color-scheme', 'css-at-media-prefers-color-scheme'],
  ['prefers-reduced-motion', 'css-at-media-prefers-reduced-motion'],
  ['orientation', 'css-at-media-orientation'],
  ['hover', 'css-at-media-hover'],
];
