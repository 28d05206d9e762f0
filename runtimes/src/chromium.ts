import { bundle } from './bundle.js'
import { executablePath, installedChromium, MODULE, openPage } from './chromium-page.js'
import { reportMissing } from './node-backends.js'
import { compiled } from './places.js'
import { NotInstalled, type Runtime } from './runtime.js'

/** A page in a real Chromium. */
export const chromium: Runtime = {
  name: 'chromium',
  label: 'Chromium',
  async runSuite({ report, identify, signal }) {
    if (installedChromium === undefined) throw new NotInstalled(`There is no ${executablePath}.`)
    const { version, page, close } = await openPage(await bundle(compiled('suite/page.js')))
    const stop = () => void close()
    signal.addEventListener('abort', stop)
    try {
      signal.throwIfAborted()
      identify(`Chromium ${version}`)
      await page.exposeFunction('report', report)
      // A module whose top level awaits the suite.
      await page.evaluate(`import('${MODULE}').then(() => {})`)
      reportMissing(report)
    } finally {
      signal.removeEventListener('abort', stop)
      await close()
    }
  },
}
