/** One line on stderr that says what is going on; silent where nobody watches. */
export class Progress {
  readonly #shown = process.stderr.isTTY === true

  show(text: string): void {
    if (this.#shown) process.stderr.write(`\r\u001B[K${text}`)
  }

  clear(): void {
    this.show('')
  }
}
