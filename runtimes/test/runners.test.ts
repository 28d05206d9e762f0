import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { createForgeBackend } from '@tlsio/backend-forge'
import { createNodeBackend } from '@tlsio/backend-node'
import { type CreateBackend, planConformance } from '@tlsio/conformance'
import test, { type ExecutionContext } from 'ava'
import { bundle } from '#src/bundle.js'
import { installedChromium, MODULE, openPage } from '#src/chromium-page.js'
import { runWorker } from '#src/workerd-process.js'
import { cwd, type Runner, runners, workerd } from './runners/runners.js'
import { isInSmallArea, type Scenarios, seen } from './runners/scenarios.js'

for (const runner of runners) {
  const { name, binary } = runner
  if (binary === undefined) {
    test.skip(`runners/${name} (not installed: \`pnpm test:runtimes ${name}\` does that)`, () => {})
    continue
  }
  test(`runners/${name}`, async (t) => {
    const green = await run(binary, runner, 'green')
    t.is(green.code, 0, green.lines.join('\n'))
    requireGreen(t, green.lines, createNodeBackend)
    const red = await run(binary, runner, 'red')
    t.is(red.code, 1)
    requireRed(t, red.lines)
  })
}

const compiled = (name: string) => fileURLToPath(new URL(`runners/${name}`, import.meta.url))

const inChromium = installedChromium === undefined ? test.skip : test
const missing = installedChromium === undefined ? ' (Chromium is not installed)' : ''
inChromium(`runners/none/in-a-page${missing}`, async (t) => {
  const { page, close } = await openPage(await bundle(compiled('without-runner.js')))
  let lines: string[] = []
  await page.exposeFunction('tell', (line: string) => lines.push(line))
  try {
    const run = async (name: keyof Scenarios): Promise<string[]> => {
      lines = []
      await page.evaluate(`import('${MODULE}').then(({ run }) => run('${name}', tell))`)
      return lines
    }
    requireGreen(t, await run('green'), createForgeBackend)
    requireRed(t, await run('red'))
  } finally {
    await close()
  }
})

const inWorkerd = workerd === undefined ? test.skip : test
const hint = workerd === undefined ? ' (not installed: `pnpm test:runtimes workerd` does that)' : ''
inWorkerd(`runners/none/in-workerd${hint}`, async (t) => {
  const run = async (scenario: keyof Scenarios): Promise<string[]> => {
    const { signal } = new AbortController()
    const search = `?scenario=${scenario}`
    const lines: string[] = []
    for await (const line of runWorker(workerd ?? '', compiled('worker.js'), { signal, search })) {
      lines.push(line)
    }
    return lines
  }
  requireGreen(t, await run('green'), createForgeBackend)
  requireRed(t, await run('red'))
})

/** Each case is seen, an expected failure with its reason, and none is red. */
function requireGreen(
  t: ExecutionContext,
  lines: readonly string[],
  createBackend: CreateBackend,
): void {
  const planned = planConformance({ createBackend, filter: isInSmallArea })
  t.true(planned.length > 2)
  for (const title of [...planned.map(({ title }) => title), seen.knownDefect]) {
    t.true(
      lines.some((line) => line.includes(title)),
      title,
    )
  }
  t.deepEqual(lines.filter(isRed), [])
}

/** A defect that is not known is red, and so is one that is mended. */
function requireRed(t: ExecutionContext, lines: readonly string[]): void {
  const red = lines.filter(isRed)
  t.is(red.length, 2)
  t.true(red[0]?.includes(seen.defect))
  t.true(red[1]?.includes(seen.mended))
}

/** Whether a line says that a case failed, as each runner does. */
function isRed(line: string): boolean {
  return /^not ok |^\(fail\) | \.\.\. FAILED /.test(line)
}

/** The exit code and what was printed. */
function run(
  binary: string,
  { args, env }: Runner,
  scenario: keyof Scenarios,
): Promise<{ readonly code: unknown; readonly lines: readonly string[] }> {
  const { FORCE_COLOR: _, ...inherited } = process.env
  const plain = { ...inherited, NO_COLOR: '1', TLSIO_SCENARIO: scenario, ...env }
  return new Promise((resolve) => {
    execFile(binary, args, { cwd, env: plain }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : error.code, lines: `${stdout}${stderr}`.split('\n') })
    })
  })
}
