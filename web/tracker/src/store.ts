// localStorage, with memory in its place where it is blocked or full, so that
// nothing else has to care.

export class Store {
  private memory = new Map<string, string>()

  get(key: string): string | null {
    const held = this.memory.get(key)
    if (held !== undefined) return held
    try {
      return localStorage.getItem(key)
    } catch {
      return null
    }
  }

  /** Tells whether the value will survive the page. */
  set(key: string, value: string): boolean {
    try {
      localStorage.setItem(key, value)
      this.memory.delete(key)
      return true
    } catch {
      this.memory.set(key, value)
      return false
    }
  }

  remove(key: string): void {
    this.memory.delete(key)
    try {
      localStorage.removeItem(key)
    } catch {
      // Blocked: then it is not there either.
    }
  }

  /** The keys with a prefix, sorted. */
  keys(prefix: string): string[] {
    let found = Array.from(this.memory.keys())
    try {
      found = found.concat(Object.keys(localStorage).filter((key) => !this.memory.has(key)))
    } catch {
      // Blocked: memory is all there is.
    }
    return found.filter((key) => key.startsWith(prefix)).sort()
  }
}
