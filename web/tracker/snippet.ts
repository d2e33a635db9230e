// The loading snippet, in one place: the console shows it, the guides quote
// it, a test runs it and holds the guides to it.

/** Options of the snippet; each becomes a data attribute of the script. */
export type SnippetOptions = Record<string, string | boolean>

const loader =
  '!function(w,d,n,u,k,o){if(!w[n]){var f=w[n]=function(){f.q.push(arguments)},s=d.createElement("script"),i;' +
  'f.q=[];f.u=location.href;s.async=!0;s.src=u;s.dataset.writeKey=k;s.dataset.name=n;' +
  'for(i in o)s.dataset[i]=o[i];d.head.appendChild(s)}}'

// Nothing in the values may end the string or the script element.
const quote = (value: unknown) => JSON.stringify(value).replace(/</g, '\\u003c')

/** The HTML to paste into a page's head. `script` is the address of t.js. */
export function snippet(script: string, writeKey: string, options?: SnippetOptions): string {
  const extra = options ? `,${quote(options)}` : ''
  return `<script>${loader}(window,document,"hs",${quote(script)},${quote(writeKey)}${extra})</script>`
}
