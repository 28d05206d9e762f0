import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createNullBackend } from '@tlsio/backend-null'
import test from 'ava'
import { root } from '#src/places.js'
import { RuntimeResults } from '#src/results.js'
import { runSuite } from '#src/suite/run-suite.js'
import { writeReports } from '#src/write-reports.js'

test('write-reports/as-the-command-line-reads-them', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'tlsio-reports-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const files: string[] = []
  for (const runtime of ['first', 'second']) {
    const results = new RuntimeResults(`The ${runtime} runtime`)
    const report = results.add.bind(results)
    await runSuite({ backends: { null: createNullBackend }, report })
    await writeReports(folder, runtime, results.reports)
    files.push(join(folder, `${runtime}-null.json`))
  }
  const page = join(folder, 'all.html')
  const words = ['packages/conformance/bin/conformance.js', 'report', ...files, '--html', page]
  const { stdout } = await promisify(execFile)(process.execPath, words, { cwd: root })
  t.is(stdout.match(/^✓ conforming: /gm)?.length, 2)
  t.regex(stdout, /^The first runtime$[\s\S]*^The second runtime$/m)
  t.true((await readFile(page, 'utf8')).includes('The second runtime'))
})
