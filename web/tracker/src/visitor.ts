// Who the visitor is and whether we may know: anonymous id, user id, consent.
//
// Values are read from storage each time, because another tab may have signed
// the visitor out or taken the consent back.

import type { Config } from './config'
import type { Store } from './store'
import { uuid } from './guard'

const ANONYMOUS = 'hs_anon'
const USER = 'hs_user'
const CONSENT = 'hs_consent'
const YEAR_S = 31536000

export class Visitor {
  constructor(
    private store: Store,
    private config: Config,
  ) {}

  /** Made when first asked for, so ask only when it may be kept. */
  anonymousId(): string {
    let id = this.read(ANONYMOUS)
    if (!id) this.write(ANONYMOUS, (id = uuid()))
    return id
  }

  userId(): string {
    return this.read(USER)
  }

  /**
   * Remembers the user. Another user than before gets a new anonymous id:
   * two people at one device must not become one person.
   */
  identify(userId: string): void {
    const before = this.userId()
    if (before && before !== userId) this.write(ANONYMOUS, uuid())
    this.write(USER, userId)
  }

  /** The same person under another user id: the anonymous id stays. */
  rename(userId: string): void {
    this.write(USER, userId)
  }

  forget(): void {
    this.write(ANONYMOUS, '')
    this.write(USER, '')
  }

  /** A recorded answer of the visitor goes before any default or browser setting. */
  allowed(): boolean {
    const answer = this.read(CONSENT)
    if (answer) return answer === '1'
    return !this.config.consentRequired && !(this.config.dnt && asksNotToTrack())
  }

  answer(yes: boolean): void {
    this.write(CONSENT, yes ? '1' : '0')
  }

  // With a parent domain the cookie is the one all its sub-domains see.
  // Without, it only stands in where localStorage is blocked.
  private read(key: string): string {
    const stored = this.store.get(key) || ''
    return this.config.cookieDomain ? readCookie(key) || stored : stored || readCookie(key)
  }

  private write(key: string, value: string): void {
    let kept = true
    if (value) kept = this.store.set(key, value)
    else this.store.remove(key)
    if (!kept || this.config.cookieDomain || !value) this.writeCookie(key, value)
  }

  private writeCookie(key: string, value: string): void {
    try {
      const domain = this.config.cookieDomain ? `;domain=${this.config.cookieDomain}` : ''
      const secure = location.protocol === 'https:' ? ';secure' : ''
      const age = value ? YEAR_S : 0
      document.cookie = `${key}=${encodeURIComponent(value)};path=/;max-age=${age};samesite=lax${domain}${secure}`
    } catch {
      // Cookies blocked as well: the visitor lasts as long as the page.
    }
  }
}

function readCookie(key: string): string {
  try {
    for (const pair of document.cookie.split('; ')) {
      if (pair.startsWith(`${key}=`)) return decodeURIComponent(pair.slice(key.length + 1))
    }
  } catch {
    // Blocked, or a value that is not ours.
  }
  return ''
}

function asksNotToTrack(): boolean {
  const asked = navigator as Navigator & { globalPrivacyControl?: boolean }
  return asked.doNotTrack === '1' || !!asked.globalPrivacyControl
}
