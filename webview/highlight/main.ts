/** The highlighter, a program of its own that is loaded when the first code is shown. */
import highlightJs from 'highlight.js/lib/common';
import dockerfile from 'highlight.js/lib/languages/dockerfile';
import powershell from 'highlight.js/lib/languages/powershell';
import scala from 'highlight.js/lib/languages/scala';
import { takeHighlighter } from '../code.ts';

highlightJs.registerLanguage('dockerfile', dockerfile);
highlightJs.registerLanguage('powershell', powershell);
highlightJs.registerLanguage('scala', scala);

takeHighlighter((code, language) =>
  highlightJs.getLanguage(language)
    ? highlightJs.highlight(code, { language, ignoreIllegals: true }).value
    : undefined,
);
