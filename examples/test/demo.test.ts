import { whyNotOnThisMachine } from '@tlsio/runtimes/native-backend'
import test from 'ava'
import { runProgram } from './cli.js'

const noGnutls = await whyNotOnThisMachine('gnutls')

test('demo/every-data-connection-resumes', async (t) => {
  const { status, stdout, stderr } = await runProgram('demo/main', ['--json'])
  t.deepEqual([status, stderr], [0, ''])
  const { succeeded, runs } = JSON.parse(stdout)
  t.true(succeeded)
  const summary = runs.map(
    (run: {
      backend: string
      protocolVersion: string
      data: { resumed: boolean }[]
      refusal: unknown
    }) => [
      run.backend,
      run.protocolVersion,
      run.data.filter(({ resumed }) => resumed).length,
      run.refusal === null,
    ],
  )
  t.deepEqual(summary, [
    ['node', 'TLSv1.2', 6, true],
    ['node', 'TLSv1.3', 6, true],
    ...(noGnutls === undefined
      ? [
          ['gnutls', 'TLSv1.2', 6, true],
          ['gnutls', 'TLSv1.3', 6, true],
        ]
      : [['gnutls', null, 0, false]]),
    ['forge', 'TLSv1', 6, true],
    ['forge', 'TLSv1.1', 6, true],
    ['null', 'TLSv1.2', 0, false],
    ['null', 'TLSv1.3', 0, false],
  ])
})

test('demo/table-is-plain-text-in-a-pipe', async (t) => {
  const { status, stdout } = await runProgram('demo/main', [])
  t.is(status, 0)
  t.regex(stdout, /^Backend +TLS +Data connections/)
  t.notRegex(stdout, /[^\n -~]/)
})

test('demo/says-what-is-not-here', async (t) => {
  const { status, stdout } = await runProgram('demo/main', ['--json'], {
    TLSIO_GNUTLS_LIBRARY: 'libnothere.so.1',
  })
  t.is(status, 0)
  const { runs } = JSON.parse(stdout)
  const [run] = runs.filter(({ backend }: { backend: string }) => backend === 'gnutls')
  t.like(run, { isHere: false, protocolVersion: null })
  t.regex(run.refusal, /libnothere\.so\.1/)
})

test('demo/works-whatever-backend-is-preferred', async (t) => {
  const { status } = await runProgram('demo/main', ['--json'], { TLSIO_BACKEND: 'null' })
  t.is(status, 0)
})
