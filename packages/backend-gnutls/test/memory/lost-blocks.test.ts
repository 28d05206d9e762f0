import { execFileSync } from 'node:child_process'
import test, { type ExecutionContext } from 'ava'
import { runUnderValgrind } from './lost-blocks.js'

withValgrind('memory/no-lost-block-after-100-handshakes', async (t) => {
  const { done, failed, lost } = await runUnderValgrind(100)
  t.deepEqual(lost, [])
  t.log(`${done} succeeded, ${failed} failed`)
  t.true(done >= 40 && failed >= 20, `${done} succeeded, ${failed} failed`)
})

withValgrind('memory/what-nobody-frees-is-found', async (t) => {
  const { lost } = await runUnderValgrind(1, '--forget')
  t.is(lost.length, 1)
  t.regex(String(lost[0]), /gnutls_init/)
})

function withValgrind(title: string, body: (t: ExecutionContext) => Promise<void>): void {
  if (!hasValgrind()) {
    test.skip(`${title} (valgrind is not installed)`, body)
    return
  }
  test.serial(title, async (t) => {
    t.timeout(300_000)
    await body(t)
  })
}

function hasValgrind(): boolean {
  try {
    execFileSync('valgrind', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
