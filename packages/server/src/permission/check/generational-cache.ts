/**
 * A cache of two generations for any number of owners, bounded in total. Entries used since the young generation began
 * are found in it first; when it is full it becomes the old one, and entries that were not used for two generations are
 * dropped. This is less exact than a list in the order of use (LRU), but a look-up costs a third.
 */
export class GenerationalCache<Entry> {
  readonly #maxSize: number
  readonly #sizeOf: (entry: Entry, name: string) => number
  #young = new Map<object, Map<string, Entry>>()
  #old = new Map<object, Map<string, Entry>>()
  #youngSize = 0

  constructor(options: { maxSize: number; sizeOf: (entry: Entry, name: string) => number }) {
    this.#maxSize = options.maxSize
    this.#sizeOf = options.sizeOf
  }

  get(owner: object, name: string): Entry | undefined {
    const young = this.#young.get(owner)?.get(name)
    if (young !== undefined) return young
    const old = this.#old.get(owner)?.get(name)
    if (old !== undefined) this.set(owner, name, old)
    return old
  }

  set(owner: object, name: string, entry: Entry): void {
    const size = this.#sizeOf(entry, name)
    if (this.#youngSize + size > this.#maxSize / 2) {
      this.#old = this.#young
      this.#young = new Map()
      this.#youngSize = 0
    }
    // An entry larger than a generation is not cached.
    if (size > this.#maxSize / 2) return
    const own = this.#young.get(owner)
    if (own) own.set(name, entry)
    else this.#young.set(owner, new Map([[name, entry]]))
    this.#youngSize += size
  }

  delete(owner: object, name: string): void {
    this.#young.get(owner)?.delete(name)
    this.#old.get(owner)?.delete(name)
  }

  /** Drops every entry of an owner. */
  clear(owner: object): void {
    this.#young.delete(owner)
    this.#old.delete(owner)
  }
}
