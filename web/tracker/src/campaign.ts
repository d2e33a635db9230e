// Where visitors come from: campaign parameters, click ids, and the first and
// the last touch, which stay with the browser and travel with every event.

import type { Config } from './config'
import type { Store } from './store'

/** Click ids of ad platforms, by the name of their URL parameter. */
const CLICK_IDS = (
  'gclid,gbraid,wbraid,dclid,fbclid,msclkid,ttclid,twclid,li_fat_id,yclid,' +
  'gdt_vid,qz_gdt,weixinadinfo,bd_vid,qhclickid,clickid,click_id'
).split(',')

const FIRST = 'hs_first'
const LAST = 'hs_last'
const LONGEST = 500

export interface Source {
  /** utm_campaign is "name", any other utm_x is "x". */
  campaign?: Record<string, string>
  /** By parameter name. */
  clickIds?: Record<string, string>
}

/** One arrival at the site. A direct one has neither campaign, click ids nor referrer. */
export interface Touch extends Source {
  /** RFC 3339. */
  time: string
  /** Address that was entered first. */
  landing: string
  /** Empty for arrivals from the site itself. */
  referrer: string
}

/** Reads the query, and the query inside the fragment for hash routers. */
export function parseSource(url: string): Source {
  const { search, hash } = new URL(url, location.href)
  const campaign: Record<string, string> = {}
  const clickIds: Record<string, string> = {}
  for (const query of [search, hash.split('?')[1] || '']) {
    new URLSearchParams(query).forEach((text, key) => {
      const value = text.slice(0, LONGEST)
      if (!value) return
      const utm = /^utm_(\w+)$/.exec(key)
      if (utm) campaign[utm[1] === 'campaign' ? 'name' : utm[1]!] ||= value
      else if (CLICK_IDS.includes(key)) clickIds[key] ||= value
    })
  }
  return {
    campaign: Object.keys(campaign).length ? campaign : undefined,
    clickIds: Object.keys(clickIds).length ? clickIds : undefined,
  }
}

export class Touches {
  constructor(
    private store: Store,
    private config: Config,
  ) {}

  /**
   * Records an arrival. The first one of all is the first touch, whatever it
   * is; the last touch is the latest that was not direct.
   */
  arrive(landing: string, referrer: string): void {
    const source = parseSource(landing)
    const from = this.external(referrer) ? referrer : ''
    const touch: Touch = {
      time: new Date().toISOString(),
      ...source,
      landing: landing.slice(0, LONGEST),
      referrer: from.slice(0, LONGEST),
    }
    const text = JSON.stringify(touch)
    const first = !this.store.get(FIRST)
    if (first) this.store.set(FIRST, text)
    if (first || source.campaign || source.clickIds || from) this.store.set(LAST, text)
  }

  get(): { firstTouch?: Touch; lastTouch?: Touch } {
    return { firstTouch: this.read(FIRST), lastTouch: this.read(LAST) }
  }

  forget(): void {
    this.store.remove(FIRST)
    this.store.remove(LAST)
  }

  private read(key: string): Touch | undefined {
    try {
      return JSON.parse(this.store.get(key) || '') as Touch
    } catch {
      return undefined
    }
  }

  private external(referrer: string): boolean {
    if (!referrer) return false
    const host = new URL(referrer).hostname
    const own = [location.hostname, this.config.cookieDomain, ...this.config.ignoreReferrers]
    return !own.some((name) => name && (host === name || host.endsWith(`.${name}`)))
  }
}
