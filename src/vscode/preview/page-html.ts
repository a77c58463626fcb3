export interface PageAssets {
  /** As `webview.cspSource` gives it. */
  readonly cspSource: string;
  /** Random, and new for every page: what may run is what carries it. */
  readonly nonce: string;
  /** The same for the hidden frames in which axe-core runs: they know no other. */
  readonly probeNonce: string;
  /** As `webview.asWebviewUri` gives them. */
  readonly script: string;
  readonly style: string;
  /** Whether the mail may load what it names on other machines. */
  readonly remote: boolean;
}

/**
 * The page of the preview. Its policy is inherited by the frames in it, on top of their own: so it admits inline styles (those
 * of the mail) and, only once remote content is allowed, other hosts. `frame-src` admits nothing, since the frames have their
 * documents from `srcdoc`: a link or a refresh that got through could load no page into them.
 */
export function pageHtml({ cspSource, nonce, probeNonce, script, style, remote }: PageAssets): string {
  const hosts = remote ? ' https: http:' : '';
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'nonce-${probeNonce}'`,
    `style-src ${cspSource} 'unsafe-inline'${hosts}`,
    `img-src ${cspSource} data: blob:${hosts}`,
    `media-src data: blob:${hosts}`,
    `font-src ${cspSource} data:${hosts}`,
    "frame-src 'none'",
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Message preview</title>
<link rel="stylesheet" href="${style}">
</head>
<body>
<div id="preview"></div>
<script type="module" nonce="${nonce}" src="${script}"></script>
</body>
</html>
`;
}
