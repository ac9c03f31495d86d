import { randomBytes } from 'node:crypto';
import { Uri, type Webview } from 'vscode';

/**
 * The page of a panel: one script, one style sheet, and a policy that lets nothing else in and nothing out.
 * @param root the folder with the bundles
 * @param program the name of the page's bundle in it
 */
export function panelHtml(
  webview: Webview,
  root: Uri,
  program: 'main' | 'inspector' | 'usage' = 'main',
): string {
  const nonce = randomBytes(16).toString('base64url');
  const address = (file: string): string => webview.asWebviewUri(Uri.joinPath(root, file)).toString();
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    // What the user attaches. Answers hold no images: nothing of theirs is loaded.
    ...(program === 'main' ? ['img-src data:'] : []),
  ].join('; ');
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <!-- The toolkit reads the nonce for a style element of its own. -->
    <meta property="csp-nonce" content="${nonce}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <link rel="stylesheet" href="${address(`${program}.css`)}" />
    <title>LLM Playground</title>
  </head>
  <body>
    <div id="root"></div>
    <script nonce="${nonce}" src="${address(`${program}.js`)}"></script>
  </body>
</html>`;
}
