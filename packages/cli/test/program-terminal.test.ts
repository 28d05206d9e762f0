// On a pseudo terminal, as a person sees it.
import { fileURLToPath } from 'node:url'
import * as fixtures from '@tlsio/conformance/fixtures'
import { startOnTerminal, terminalPrograms, testsWith } from '@tlsio/real-peers'
import { folderWith } from './support.js'

const onTerminal = testsWith('terminal', terminalPrograms)
const program = fileURLToPath(new URL('../../bin/tlsio.js', import.meta.url))
const tlsio = `'${process.execPath}' '${program}'`

onTerminal('asks-for-a-password-and-prints-in-colours-to-the-width', async (t) => {
  const path = await folderWith(t, {
    'chain.p12': Buffer.from(fixtures.pkcs12Chain, 'base64'),
    'ca.pem': fixtures.testCa,
  })
  const words = `cert '${path('chain.p12')}' --ca '${path('ca.pem')}'`
  const environment = 'export TERM=xterm; unset NO_COLOR FORCE_COLOR CI'
  const terminal = startOnTerminal(
    t,
    `stty cols 60; ${environment}; ${tlsio} ${words}; echo status=$?`,
  )
  await terminal.said(/Password: /)
  terminal.type('secret\n')
  await terminal.said(/status=0/)
  t.false(terminal.output.includes('secret'))
  t.true(terminal.output.includes('\u001b[32mVerifies\u001b[39m\r\n'))
  // The second line of the fingerprint stands below the first.
  t.regex(terminal.output, /SHA-256 {5}\S*[\da-f]{45}\r\n {15}[\da-f]{19}\r\n/)
})

onTerminal('no-colours-if-nobody-wants-them', async (t) => {
  const path = await folderWith(t, {
    'leaf.pem': fixtures.forA.certificate,
    'ca.pem': fixtures.testCa,
  })
  const words = `cert '${path('leaf.pem')}' --ca '${path('ca.pem')}'`
  const terminal = startOnTerminal(
    t,
    `export TERM=xterm NO_COLOR=1; unset FORCE_COLOR; ${tlsio} ${words}; echo status=$?`,
  )
  await terminal.said(/status=0/)
  t.true(terminal.output.includes('Verifies\r\n'))
  t.false(terminal.output.includes('\u001b['))
})
