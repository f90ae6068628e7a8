/** Follows the text of a URL: whether a value decides on its scheme, is a part of its path, or of its query. */
export class UrlScanner {
  part: 'start' | 'path' | 'query' = 'start'

  feed(text: string): void {
    if (/[?#]/.test(text)) this.part = 'query'
    else if (this.part === 'start' && /\S/.test(text)) this.part = 'path'
  }
}
