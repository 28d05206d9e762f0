import { fileURLToPath } from 'node:url'
import { bundle } from '@tlsio/runtimes/bundle'
import {
  type ChromiumPage,
  executablePath,
  installedChromium,
  MODULE,
  openPage,
} from '@tlsio/runtimes/chromium-page'
import type { Direction, Subject } from './page-transfers.js'

/** Why there can be no such page on this machine; `undefined` if there can. */
export const pageProblem: string | undefined =
  installedChromium === undefined ? `There is no ${executablePath}.` : undefined

/** The page that runs `page-transfers.ts`, opened when it is first needed. */
export class TransferPage {
  #opening: Promise<ChromiumPage> | undefined
  #version: string | undefined

  /** Which Chromium it is; `undefined` if it was never needed. */
  get version(): string | undefined {
    return this.#version
  }

  /** Moves so many bytes there; resolves with the seconds that it took. */
  async transfer(subject: Subject, direction: Direction, size: number): Promise<number> {
    this.#opening ??= open()
    const { page, version } = await this.#opening
    this.#version = version
    // As text, or the compiler would look for the module here.
    const module = `import('${MODULE}')`
    return page.evaluate(`${module}.then(({ ${subject} }) => ${subject}('${direction}', ${size}))`)
  }

  /** Ends it, if it was opened. */
  async close(): Promise<void> {
    // Whoever waits for the page hears why it did not open.
    const opened = await this.#opening?.catch(() => undefined)
    await opened?.close()
  }
}

async function open(): Promise<ChromiumPage> {
  return openPage(await bundle(fileURLToPath(new URL('page-transfers.js', import.meta.url))))
}
