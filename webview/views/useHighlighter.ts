import { useEffect, useState } from 'preact/hooks';

/** The page's own script, whose nonce and address the highlighter's script gets. */
const own = document.currentScript as HTMLScriptElement | null;
let loading: Promise<boolean> | undefined;
let isLoaded = false;

/** Whether code can be highlighted. It is loaded by the first text with code in it. */
export function useHighlighter(hasCode: boolean): boolean {
  const [isReady, setIsReady] = useState(isLoaded);
  useEffect(() => {
    if (!hasCode) return;
    let isShown = true;
    loading ??= load();
    void loading.then((ready) => isShown && setIsReady(ready));
    return () => (isShown = false);
  }, [hasCode]);
  return isReady;
}

/** Where it cannot be loaded, code stays as it is: readable, without colours. */
function load(): Promise<boolean> {
  return new Promise((done) => {
    if (!own) {
      done(false);
      return;
    }
    const script = document.createElement('script');
    script.nonce = own.nonce;
    script.src = own.src.replace('main.js', 'highlight.js');
    script.onload = () => {
      isLoaded = true;
      done(true);
    };
    script.onerror = () => done(false);
    document.head.append(script);
  });
}
