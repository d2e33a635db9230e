// What the site configured, read from the attributes of our script element.
//
// The snippet and the plain script tag meet here: the snippet writes its
// arguments to the same attributes.

export interface Config {
  /** Base address of the server, without a slash at the end. */
  endpoint: string
  writeKey: string
  /** Name of the global command function. */
  name: string
  /** Page views on load and on navigation without being asked. */
  autoPage: boolean
  /** Obey Do Not Track and Global Privacy Control. */
  dnt: boolean
  /** Store and send nothing before hs('consent', true). */
  consentRequired: boolean
  /** Parent domain whose sub-domains share one visitor, by a cookie. */
  cookieDomain: string
  /** Hosts that are no source of visitors, e.g. payment pages. */
  ignoreReferrers: string[]
}

/** Returns null where there is no script element with a write key. */
export function readConfig(script: HTMLScriptElement | null): Config | null {
  const data = script?.dataset
  if (!script || !data?.writeKey) return null
  return {
    endpoint: (data.endpoint || new URL('.', script.src).href).replace(/\/+$/, ''),
    writeKey: data.writeKey,
    name: data.name || 'hs',
    autoPage: data.autoPage !== 'false',
    dnt: data.dnt === 'true',
    consentRequired: data.consent === 'required',
    cookieDomain: (data.cookieDomain || '').replace(/^\./, ''),
    ignoreReferrers: (data.ignoreReferrers || '').split(/[\s,]+/).filter(Boolean),
  }
}
