/**
 * Keeps what was used last, for any number of owners, within a bound on all of it. What was used since the present half
 * began is found first; when that half is full it becomes the old one, and what nobody asked for in two halves is gone.
 * That is less exact than a list in the order of use, and asking for something costs a third of what keeping one does.
 */
export class Memory<Entry> {
  readonly #most: number
  readonly #sizeOf: (entry: Entry, name: string) => number
  #young = new Map<object, Map<string, Entry>>()
  #old = new Map<object, Map<string, Entry>>()
  /** Of the young half. */
  #size = 0

  constructor(options: { most: number; sizeOf: (entry: Entry, name: string) => number }) {
    this.#most = options.most
    this.#sizeOf = options.sizeOf
  }

  get(owner: object, name: string): Entry | undefined {
    const found = this.#young.get(owner)?.get(name)
    if (found !== undefined) return found
    const earlier = this.#old.get(owner)?.get(name)
    if (earlier !== undefined) this.set(owner, name, earlier)
    return earlier
  }

  set(owner: object, name: string, entry: Entry): void {
    const size = this.#sizeOf(entry, name)
    if (this.#size + size > this.#most / 2) {
      this.#old = this.#young
      this.#young = new Map()
      this.#size = 0
    }
    // One that alone is more than a half has no place.
    if (size > this.#most / 2) return
    const own = this.#young.get(owner)
    if (own) own.set(name, entry)
    else this.#young.set(owner, new Map([[name, entry]]))
    this.#size += size
  }

  delete(owner: object, name: string): void {
    this.#young.get(owner)?.delete(name)
    this.#old.get(owner)?.delete(name)
  }

  /** Everything of an owner. */
  forget(owner: object): void {
    this.#young.delete(owner)
    this.#old.delete(owner)
  }
}
