import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Browser, chromium, type Page } from 'playwright-core'

/** Debian's, since the browsers that playwright brings itself are not in npm packages. */
export const executablePath = '/usr/bin/chromium'

/** The program, `undefined` where there is none. */
export const installedChromium: string | undefined = existsSync(executablePath)
  ? executablePath
  : undefined

/** It is to speak to nobody but us. */
const args = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** A page in a real Chromium, which ends with it. */
export interface ChromiumPage {
  /** Version of Chromium. */
  readonly version: string
  /** The empty page; it can import {@link MODULE}. What it logs is on our standard error. */
  readonly page: Page
  close(): Promise<void>
}

/** Where the page has the script that it was opened with. */
export const MODULE = '/module.js'

/** Opens a page on loopback that has one module to import. */
export async function openPage(script: string): Promise<ChromiumPage> {
  const server = await serve(script)
  let browser: Browser | undefined
  const close = async () => {
    await browser?.close()
    server.closeAllConnections()
    server.close()
  }
  try {
    browser = await chromium.launch({ executablePath, args })
    const page = await browser.newPage()
    page.on('console', (message) => process.stderr.write(`${message.text()}\n`))
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    return { version: browser.version(), page, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function serve(script: string): Promise<Server> {
  const server = createServer((request, response) => {
    const isScript = request.url === MODULE
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    response.end(isScript ? script : '<!doctype html><title>tlsio</title>')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}
