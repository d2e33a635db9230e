/** Tells the site's developer, who alone can do something about it. */
export function warn(...what: unknown[]): void {
  try {
    console.warn('[huoshui]', ...what)
  } catch {
    // A page may have replaced its console by something that throws.
  }
}

/** Wraps an entry point, so that a fault of ours never reaches the host page. */
export function safe<A extends unknown[]>(f: (...args: A) => void): (...args: A) => void {
  return (...args) => {
    try {
      f(...args)
    } catch (err) {
      warn(err)
    }
  }
}

/** A random UUID, version 4; also on plain http, where crypto.randomUUID is missing. */
export function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6]! & 15) | 64
  bytes[8] = (bytes[8]! & 63) | 128
  let hex = ''
  bytes.forEach((b) => (hex += (b + 256).toString(16).slice(1)))
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

/** Length in UTF-8, which is what servers and sendBeacon limit. */
export const bytes = (text: string): number => new Blob([text]).size
