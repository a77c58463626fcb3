/** axe-core's minified build: its own source is all that is taken of it, to be run in the preview's hidden frame. */
declare module 'axe-core/axe.min.js' {
  const axe: { readonly source: string };
  export default axe;
}
