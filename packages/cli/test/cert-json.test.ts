// The document of `--json`, member by member: it is for programs.
import * as fixtures from '@tlsio/conformance/fixtures'
import test from 'ava'
import type { ChainReport } from '#src/cert/chain-report.js'
import { folderWith, marksOf, run, serve } from './support.js'

test('cert/json/of-a-file', async (t) => {
  const leaf = marksOf(fixtures.withEcKey.certificate)
  const root = marksOf(fixtures.testCa)
  const path = await folderWith(t, { 'ca.pem': fixtures.testCa })
  const { status, stdout, stderr } = await run(
    ['cert', '-', '--json', '--ca', path('ca.pem'), '--name', 'b.test'],
    { stdin: fixtures.withEcKey.certificate },
  )
  t.is(status, 1)
  t.is(stderr, '')
  t.deepEqual(JSON.parse(stdout) as ChainReport, {
    version: 1,
    source: { kind: 'file', path: '-', format: 'pem' },
    judged: {
      at: '2030-06-15T12:00:00.000Z',
      name: 'b.test',
      purpose: 'serverAuth',
      profile: 'rfc5280',
    },
    trust: {
      source: 'ca-file',
      path: path('ca.pem'),
      extra: null,
      anchors: 1,
      revocationLists: 0,
    },
    verifies: false,
    flags: ['BAD_IDENTITY'],
    findings: [
      {
        rule: 'identity',
        flags: ['BAD_IDENTITY'],
        certificate: 0,
        extension: { oid: '2.5.29.17', name: 'subjectAltName' },
        detail: 'It is for another name.',
      },
    ],
    engine: null,
    path: [0, 1],
    certificates: [
      {
        number: 1,
        isAnchor: false,
        subject: 'CN=server',
        issuer: 'CN=Test CA',
        names: [{ type: 'dns', value: 'a.test' }],
        notBefore: '2020-01-01T00:00:00.000Z',
        notAfter: '2120-01-01T00:00:00.000Z',
        daysLeft: 32705,
        key: { kind: 'EC', bits: null, curve: 'P-256' },
        signatureAlgorithm: 'RSA with SHA-256',
        serialNumber: leaf.serial,
        sha256: leaf.sha256,
        isCa: false,
        pathLength: null,
        keyUsage: ['digitalSignature'],
        purposes: ['serverAuth', 'clientAuth'],
        extensions: [
          { oid: '2.5.29.19', name: 'basicConstraints', isCritical: true },
          { oid: '2.5.29.14', name: 'subjectKeyIdentifier', isCritical: false },
          { oid: '2.5.29.35', name: 'authorityKeyIdentifier', isCritical: false },
          { oid: '2.5.29.15', name: 'keyUsage', isCritical: true },
          { oid: '2.5.29.37', name: 'extKeyUsage', isCritical: false },
          { oid: '2.5.29.17', name: 'subjectAltName', isCritical: false },
        ],
      },
      {
        number: null,
        isAnchor: true,
        subject: 'CN=Test CA',
        issuer: 'CN=Test CA',
        names: [],
        notBefore: '2020-01-01T00:00:00.000Z',
        notAfter: '2120-01-01T00:00:00.000Z',
        daysLeft: 32705,
        key: { kind: 'RSA', bits: 2048, curve: null },
        signatureAlgorithm: 'RSA with SHA-256',
        serialNumber: root.serial,
        sha256: root.sha256,
        isCa: true,
        pathLength: null,
        keyUsage: ['keyCertSign', 'cRLSign'],
        purposes: null,
        extensions: [
          { oid: '2.5.29.19', name: 'basicConstraints', isCritical: true },
          { oid: '2.5.29.14', name: 'subjectKeyIdentifier', isCritical: false },
          { oid: '2.5.29.15', name: 'keyUsage', isCritical: true },
        ],
      },
    ],
  })
})

test('cert/json/of-a-peer', async (t) => {
  const port = await serve(t, fixtures.expired)
  const path = await folderWith(t, { 'ca.pem': fixtures.testCa })
  const words = ['cert', `127.0.0.1:${port}`, '--json', '--ca', path('ca.pem'), '--name', 'a.test']
  const { status, stdout } = await run(words)
  t.is(status, 1)
  const { source, engine, verifies, flags, certificates } = JSON.parse(stdout) as ChainReport
  t.deepEqual(source, {
    kind: 'peer',
    host: '127.0.0.1',
    port,
    address: '127.0.0.1',
    protocolVersion: 'TLSv1.3',
    cipherSuite: 'TLS_AES_256_GCM_SHA384',
    alpn: null,
    backend: 'node',
  })
  t.deepEqual({ verifies, flags }, { verifies: false, flags: ['EXPIRED'] })
  t.deepEqual(engine, { flags: ['EXPIRED'], notExplained: [] })
  t.is(certificates[0]?.daysLeft, -3818)
})
