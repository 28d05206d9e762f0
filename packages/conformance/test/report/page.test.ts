// What a reader gets: the page in a real browser, opened as a file.
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import anyTest, { type ExecutionContext, type TestFn } from 'ava'
import {
  type Browser,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
} from 'playwright-core'
import { htmlReport } from '#src/report/html-report.js'
import { cellStates, stateOf } from '#src/report/matrix.js'
import type { ConformanceReport } from '#src/run/conformance-report.js'
import { sampleReport } from './sample-report.js'

/** Debian's. */
const executablePath = '/usr/bin/chromium'

interface World {
  readonly browser: Browser
  readonly folder: string
  readonly url: string
  readonly report: ConformanceReport
}

const test = anyTest as TestFn<World>
const isThere = existsSync(executablePath)
/** Milliseconds: a little less than the runner's, which would not say what was waited for. */
const patience = 50_000

/** One after another: twenty pages of this size at once keep each other from loading. */
const inChromium = isThere ? test.serial : test.serial.skip
const title = (name: string) => `page/${name}${isThere ? '' : ` (there is no ${executablePath})`}`

if (isThere) {
  test.before(async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'tlsio-report-'))
    const report = await sampleReport()
    const script = new URL('../../report/page/script.js', import.meta.url)
    const other = { ...report, backend: 'second', peer: 'second', runtime: null, transport: 'tcp' }
    const file = join(folder, 'report.html')
    await writeFile(file, await htmlReport([report, other], await readFile(script, 'utf8')))
    const args = ['--disable-gpu', '--no-first-run', '--disable-background-networking']
    const browser = await chromium.launch({ executablePath, args, timeout: patience })
    t.context = { browser, folder, url: pathToFileURL(file).href, report } as World
  })
  test.after.always(async ({ context: { browser, folder } }) => {
    await browser?.close()
    if (folder) await rm(folder, { recursive: true })
  })
}

const phone = { width: 360, height: 740 }

/** A test of the page, which must not complain, nor ask anybody for anything. */
function onPage(
  name: string,
  options: BrowserContextOptions,
  body: (t: ExecutionContext<World>, page: Page) => Promise<void>,
): void {
  inChromium(title(name), async (t) => {
    const context = await t.context.browser.newContext(options)
    t.teardown(() => context.close())
    context.setDefaultTimeout(patience)
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('request', (request) => {
      if (request.url().split('#')[0] !== t.context.url) complaints.push(request.url())
    })
    await page.goto(t.context.url)
    await body(t, page)
    t.deepEqual(complaints, [])
  })
}

/** Its text, also where it is folded up. */
const textOf = async (locator: Locator) => (await locator.textContent()) ?? ''
const visibleRows = (page: Page) => page.locator('tbody > tr:visible')
const drawer = (page: Page) => page.locator('#drawer[open]')

onPage('hostile-text-stays-text', {}, async (t, page) => {
  t.is(await page.title(), 'forgetful, second: conformance report')
  t.is(await page.locator('img').count(), 0)
  t.is(await page.locator('script').count(), 1)
  await page
    .getByRole('button', { name: /failed/ })
    .first()
    .click()
  t.is(await page.locator('img').count(), 0)
})

onPage('summary', {}, async (t, page) => {
  const { cases } = t.context.report
  const failed = cases.filter(({ verdict }) => verdict === 'failed').length
  const total = (2 * cases.length).toLocaleString('en')
  t.regex(await textOf(page.locator('.outcome')), new RegExp(`${2 * failed} cases of ${total}`))
  const figures = await page.locator('.card').first().locator('.figures li').allTextContents()
  const shown = cellStates.filter((state) => cases.some((one) => stateOf(one) === state))
  t.is(figures.length, shown.length)
  for (const [at, state] of shown.entries()) {
    const number = cases.filter((one) => stateOf(one) === state).length
    t.is(Number.parseInt(figures[at] ?? '', 10), number, state)
  }
  t.is(await page.getByRole('img', { name: /% of the cases passed/ }).count(), 2)
})

onPage('known-defects-with-their-reasons', {}, async (t, page) => {
  const section = page.getByRole('region', { name: 'Known defects' })
  t.regex(await textOf(section), /<img src=x onerror/)
  await section.locator('summary').first().click()
  await section
    .getByRole('button', { name: /TLSv1\.2\/alpn\/agreed$/ })
    .first()
    .click()
  t.regex(await textOf(drawer(page)), /Expected to fail: "><img/)
})

onPage('filters', {}, async (t, page) => {
  const all = await visibleRows(page).count()
  t.true(all > 200)
  t.is(await textOf(page.locator('#shown')), `${all} requirements`)

  await page.getByLabel('Verdict').selectOption('failed')
  const failed = await visibleRows(page).count()
  t.true(failed > 0 && failed < 20)
  t.is(await textOf(page.locator('#shown')), `${failed} of ${all} requirements`)
  t.true((await visibleRows(page).locator('button.failed').count()) >= failed)

  await page.getByRole('combobox', { name: /^Area/ }).selectOption({ label: 'Certificates' })
  t.is(await visibleRows(page).count(), 0)
  t.true(await page.getByText('No requirement is like that.').isVisible())

  await page.getByRole('button', { name: 'Clear' }).click()
  await page.getByText(`${all} requirements`, { exact: true }).waitFor()
  t.is(await visibleRows(page).count(), all)
  t.false(await page.getByText('No requirement is like that.').isVisible())

  await page.getByLabel('Search').fill('ALPN/agreed  RFC')
  t.is(await visibleRows(page).count(), 1)
  t.is(await page.locator('section.area:visible').count(), 1)

  await page.getByLabel('Search').fill('')
  await page.getByLabel('Level').selectOption('may')
  const may = await page.locator('tbody > tr[data-level="may"]').count()
  t.is(await visibleRows(page).count(), may)
})

onPage('filters-of-columns', {}, async (t, page) => {
  const columns = () =>
    page.locator('thead').first().locator('th.version:visible').allTextContents()
  const all = await visibleRows(page).count()
  t.deepEqual(await columns(), ['TLS 1.2', 'TLS 1.3', 'TLS 1.2', 'TLS 1.3'])

  await page.locator('select[name=report]').selectOption({ label: 'second' })
  t.deepEqual(await columns(), ['TLS 1.2', 'TLS 1.3'])
  t.deepEqual(await page.locator('thead').first().locator('th.backend:visible').count(), 1)
  t.is(await visibleRows(page).count(), all)

  await page.locator('select[name=version]').selectOption({ label: 'TLS 1.3' })
  t.deepEqual(await columns(), ['TLS 1.3'])
  const first = visibleRows(page).first().locator('td:visible')
  t.is(await first.count(), 1)
  t.is(await first.getAttribute('colspan'), '1', 'what spans all spans those that are left')

  await page.getByLabel('Verdict').selectOption('expected-failure')
  t.is(await visibleRows(page).count(), 0, 'the verdicts of what is shown')
  await page.locator('select[name=version]').selectOption({ label: 'TLS 1.2' })
  t.is(await visibleRows(page).count(), 1)

  await page.getByRole('button', { name: 'Clear' }).click()
  await page.getByText(`${all} requirements`, { exact: true }).waitFor()
  t.is((await columns()).length, 4)
})

onPage('what-it-claims', {}, async (t, page) => {
  const { supports } = t.context.report
  const claims = page.locator('.card').first().locator('details.supports')
  await claims.locator('summary').click()
  const members = await claims.locator('dt').allTextContents()
  t.deepEqual(members, Object.keys(supports))
  const row = claims.locator('dl > div')
  t.is(await textOf(row.filter({ hasText: 'protocolVersions' }).locator('dd')), 'TLSv1.2, TLSv1.3')
  t.is(await textOf(row.filter({ hasText: 'pkcs11' }).locator('dd')), 'no')
})

onPage('a-partial-run-says-so', {}, async (t, page) => {
  const none = page.locator('td .none').first()
  t.regex((await none.getAttribute('title')) ?? '', /: not in this run$/)
  t.regex(await textOf(page.locator('.outcome')), /2 of 2 runs are partial\./)
  t.is(await page.getByText('not conforming, partial run', { exact: true }).count(), 2)
  t.regex(
    await textOf(page.locator('.levels').first()),
    /must \d+ of \d+.*should \d+ of \d+, \d+ failed/,
  )
})

onPage('a-cell-opens-its-cases', {}, async (t, page) => {
  await page.getByLabel('Verdict').selectOption('passed')
  const cell = page.locator('button.cell.passed:visible').first()
  const row = page.locator('tbody > tr:visible', { has: cell }).first()
  const name = await textOf(row.locator('.meta code'))
  await cell.click()
  const opened = drawer(page)
  t.true(await opened.isVisible())
  t.is(await textOf(opened.locator('.facts code')), name)
  const cases = t.context.report.cases.filter(({ requirement }) => requirement === name)
  t.true((await textOf(opened)).includes(cases[0]?.source ?? '?'))
  t.true(await opened.getByText(cases[0]?.name ?? '?', { exact: true }).isVisible())
  t.is(await opened.locator('.trace').count(), 0, 'nothing to explain')
  t.is(await opened.getByRole('heading', { level: 2 }).count(), 1)
})

onPage('a-failure-shows-its-handshake', {}, async (t, page) => {
  await page
    .getByRole('button', { name: /TLSv1\.3\/alpn\/agreed$/ })
    .first()
    .click()
  const opened = drawer(page)
  t.true(await opened.locator('pre.error').first().isVisible())
  const drawing = opened.locator('svg.timeline').first()
  t.true(await drawing.isVisible())
  const labels = await drawing.locator('text').allTextContents()
  for (const label of ['client', 'server', 'ClientHello', 'ServerHello']) {
    t.true(labels.includes(label), label)
  }
  t.true((await drawing.locator('path.arrow').count()) >= 3, 'flights')
  t.true(labels.filter((label) => /^\d+\.\d$/.test(label)).length >= 4, 'a scale of time')
  const hello = opened.locator('details.hello', { hasText: 'Server name' }).first()
  const words = await textOf(hello)
  t.regex(words, /Versions\s*TLS 1\.3/)
  t.regex(words, /Server name\s*a\.test/)
  t.regex(words, /ALPN\s*none/)
  t.regex(words, /Cipher suites \(\d+\)/)
  t.regex(words, /TLS_AES_256_GCM_SHA384/)
  t.regex(words, /x25519/i)
  t.regex(words, /Resumption\s*\S/)
  await opened.getByText('As a list').first().click()
  t.regex(
    await textOf(opened.locator('ol.records').first()),
    /client sends ClientHello, \d+ bytes, read at/,
  )
})

onPage('by-keyboard', {}, async (t, page) => {
  const cell = page.locator('button.cell.failed').first()
  await cell.focus()
  await page.keyboard.press('Enter')
  t.true(await drawer(page).isVisible())
  t.is(await page.evaluate(() => document.activeElement?.id), 'drawer-title')
  await page.keyboard.press('Escape')
  t.is(await drawer(page).count(), 0)
  t.true(await cell.evaluate((element) => element === document.activeElement), 'back where it was')
})

onPage('a-cell-has-an-address', {}, async (t, page) => {
  await page.locator('button.cell.failed').first().click()
  const { hash } = new URL(page.url())
  const heading = await textOf(drawer(page).locator('h2'))
  await page.getByRole('button', { name: 'Close', exact: true }).click()
  t.is(new URL(page.url()).hash, '')
  await page.goto('about:blank')
  await page.goto(`${t.context.url}${hash}`)
  t.is(await textOf(drawer(page).locator('h2')), heading)
})

onPage('the-overview-leads-to-a-row', {}, async (t, page) => {
  await page.getByLabel('Verdict').selectOption('refused')
  const square = page.locator('.strip rect.failed').first()
  const id = await square.getAttribute('data-row')
  await square.click()
  t.true(await page.locator(`[id="${id}"]`).isVisible(), 'whatever was filtered')
  t.true(await page.locator(`[id="${id}"] button:focus`).isVisible())
})

for (const [name, viewport] of Object.entries({ desk: { width: 1280, height: 800 }, phone })) {
  onPage(`tables-are-tables/${name}`, { viewport }, async (t, page) => {
    const table = page.getByRole('table').first()
    t.true((await table.getByRole('columnheader', { name: 'TLS 1.3' }).count()) > 0)
    t.true((await table.getByRole('rowheader').count()) > 5)
    t.true((await table.getByRole('cell').count()) > 5)
    const unnamed = await page.locator('button.cell:not([aria-label])').count()
    t.is(unnamed, 0)
  })
}

onPage('each-state-has-a-sign-of-its-own', {}, async (t, page) => {
  const shapes = await page
    .locator('.shapes symbol path')
    .evaluateAll((paths) => paths.map((path) => path.getAttribute('d')))
  t.is(new Set(shapes).size, cellStates.length)
})

onPage('nothing-sticks-out-on-a-phone', { viewport: phone }, async (t, page) => {
  const overflow = () =>
    page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement
      const opened = document.querySelector('#drawer[open]')
      const inside = opened ? opened.scrollWidth - opened.clientWidth : 0
      return Math.max(scrollWidth - clientWidth, inside)
    })
  t.is(await overflow(), 0)
  await page
    .getByRole('button', { name: /TLSv1\.3\/alpn\/agreed$/ })
    .first()
    .click()
  await drawer(page)
    .locator('details')
    .evaluateAll((all) => {
      for (const details of all) details.setAttribute('open', '')
    })
  t.is(await overflow(), 0)
  const small = await page
    .locator('button.cell:visible')
    .evaluateAll((cells) => cells.filter((cell) => cell.getBoundingClientRect().height < 24).length)
  t.is(small, 0, 'fingers need room')
})

for (const colorScheme of ['light', 'dark'] as const) {
  onPage(`contrast/${colorScheme}`, { colorScheme }, async (t, page) => {
    const bodyIs = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    t.is(bodyIs, colorScheme === 'light' ? 'rgb(247, 247, 245)' : 'rgb(16, 18, 21)')
    t.deepEqual(await page.evaluate(faintTexts), [])
    await page
      .getByRole('button', { name: /TLSv1\.2\/alpn\/kept-after-close$/ })
      .first()
      .click()
    await drawer(page).locator('.timeline').first().waitFor()
    await drawer(page).evaluate((element) =>
      Promise.all(element.getAnimations().map(({ finished }) => finished)),
    )
    t.deepEqual(await page.evaluate(faintTexts), [])
  })
}

onPage('on-paper', {}, async (t, page) => {
  await page.emulateMedia({ media: 'print' })
  t.false(await page.locator('#filters').isVisible())
  t.true(await page.locator('.outcome').isVisible())
  t.true(await page.getByRole('heading', { name: 'Known defects' }).isVisible())
  t.true((await visibleRows(page).count()) > 200)
})

onPage('without-a-script-there-is-still-a-table', { javaScriptEnabled: false }, async (t, page) => {
  t.true((await visibleRows(page).count()) > 200)
  t.false(await page.locator('#filters').isVisible(), 'nothing that does not work')
})

/** Texts with a contrast below 4.5:1 (WCAG 2.2, 1.4.3). Runs in the page. */
function faintTexts(): string[] {
  type Color = readonly [red: number, green: number, blue: number, alpha: number]
  const parse = (css: string): Color => {
    const [red = 0, green = 0, blue = 0, alpha = 1] = (css.match(/[\d.]+/g) ?? []).map(Number)
    return [red, green, blue, alpha]
  }
  const luminance = ([red, green, blue]: Color) => {
    const linear = [red, green, blue].map((value) => {
      const share = value / 255
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * (linear[0] ?? 0) + 0.7152 * (linear[1] ?? 0) + 0.0722 * (linear[2] ?? 0)
  }
  const behind = (element: Element): Color => {
    // In a drawing, the box that a text stands on is drawn just before it.
    const box =
      element.previousElementSibling?.closest('rect') ??
      element.parentElement?.querySelector(':scope > rect')
    if (element instanceof SVGElement && box) return parse(getComputedStyle(box).fill)
    for (let at: Element | null = element; at; at = at.parentElement) {
      const color = parse(getComputedStyle(at).backgroundColor)
      if (color[3] === 1) return color
    }
    return [255, 255, 255, 1]
  }
  const root = document.querySelector('#drawer[open]') ?? document.body
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  const faint: string[] = []
  let seen = 0
  while (walker.nextNode()) {
    const { parentElement: element, textContent: text } = walker.currentNode
    if (
      !element?.checkVisibility() ||
      !text?.trim() ||
      element.closest('title, style, script, option')
    )
      continue
    seen++
    const style = getComputedStyle(element)
    const front = parse(element instanceof SVGElement ? style.fill : style.color)
    const [a, b] = [luminance(front), luminance(behind(element))]
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
    if (contrast < 4.5) faint.push(`${contrast.toFixed(2)} ${text.trim().slice(0, 40)}`)
  }
  return seen > 20 ? [...new Set(faint)] : ['no text at all']
}
