import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { chromium as browserType } from 'playwright-core'
import { bundle } from './bundle.js'
import { NotInstalled, type RunContext, type Runtime } from './runtime.js'

/** Debian's, since the browsers that playwright brings itself are not in npm packages. */
const executablePath = '/usr/bin/chromium'

/** It is to speak to nobody but us. */
const args = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** A page in a real Chromium. */
export const chromium: Runtime = {
  name: 'chromium',
  label: 'Chromium',
  async runSuite(context) {
    if (!existsSync(executablePath)) throw new NotInstalled(`There is no ${executablePath}.`)
    const server = await serve(await bundle('suite/page.js'))
    try {
      await runInPage(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, context)
    } finally {
      server.closeAllConnections()
      server.close()
    }
  },
}

async function runInPage(url: string, { report, identify, signal }: RunContext): Promise<void> {
  const browser = await browserType.launch({ executablePath, args })
  const stop = () => void browser.close()
  signal.addEventListener('abort', stop)
  try {
    signal.throwIfAborted()
    identify(`Chromium ${browser.version()}`)
    const page = await browser.newPage()
    page.on('console', (message) => process.stderr.write(`${message.text()}\n`))
    await page.exposeFunction('report', report)
    await page.goto(url)
    // A module whose top level awaits the suite.
    await page.evaluate("import('/suite.js').then(() => {})")
  } finally {
    signal.removeEventListener('abort', stop)
    await browser.close()
  }
}

async function serve(script: string): Promise<Server> {
  const server = createServer((request, response) => {
    const isScript = request.url === '/suite.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    response.end(isScript ? script : '<!doctype html><title>Conformance</title>')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}
