/** How long something may take. */
export class Limit {
  /** Rejects when it took longer. */
  readonly exceeded: Promise<never>
  #timer: NodeJS.Timeout | undefined

  /** Of so many milliseconds from now. */
  constructor(milliseconds: number) {
    this.exceeded = new Promise((_resolve, reject) => {
      const giveUp = () => reject(new Error(`Nothing was done for ${milliseconds / 1000} seconds.`))
      this.#timer = setTimeout(giveUp, milliseconds)
    })
    this.exceeded.catch(() => {})
  }

  /** The time begins anew. */
  startAgain(): void {
    this.#timer?.refresh()
  }
}
