import { TlsCertificateFlags, TlsDatabase } from '@tlsio/core'
import { equal } from '../assertions.js'
import type { CaseContext } from '../case-context.js'
import { type ConformanceArea, type ConformanceCase, sharedVersions } from '../conformance-case.js'
import {
  type CertificateFixture,
  commonNameOnly,
  forManyNames,
  namesCa,
  testCa,
  withMalformedNames,
} from '../fixtures/fixtures.js'

const { BAD_IDENTITY } = TlsCertificateFlags

/** Whether a client that expects this host is shown a certificate that is not for it. */
async function isForSomebodyElse(
  context: CaseContext,
  certificate: CertificateFixture,
  hostname: string,
): Promise<boolean> {
  const version = sharedVersions({
    client: context.client.supports,
    server: context.server.supports,
  }).at(-1)
  const versions = { minVersion: version, maxVersion: version }
  const pair = await context.pair({
    certificate,
    client: {
      ...versions,
      serverIdentity: { hostname },
      database: TlsDatabase.fromPem(certificate === commonNameOnly ? testCa : namesCa),
      sessionResumption: 'off',
      acceptCertificate: () => true,
    },
    server: versions,
  })
  await pair.handshake()
  const { peerCertificateErrors } = pair.client
  await pair.close()
  return (peerCertificateErrors & BAD_IDENTITY) !== 0
}

function judged(
  title: string,
  source: string,
  certificate: CertificateFixture,
  hosts: Readonly<Record<string, boolean>>,
): ConformanceCase {
  return {
    title,
    source,
    requires: (subject) => sharedVersions(subject).length > 0,
    async run(context) {
      for (const [host, matches] of Object.entries(hosts)) {
        const isOther = await isForSomebodyElse(context, certificate, host)
        equal(!isOther, matches, `Whether the certificate is for "${host}"`)
      }
    },
  }
}

const dns = 'RFC 9525 §6.3'
const ip = 'RFC 9525 §6.4'

/** By host: whether {@link forManyNames}, or another certificate, is for it. */
const cases: readonly ConformanceCase[] = [
  judged('a-labels', `${dns}: A-labels are compared`, forManyNames, {
    'bücher.test': true,
    'XN--Bcher-Kva.test': true,
    'bucher.test': false,
  }),
  judged('underscore', `${dns}: label by label`, forManyNames, { 'a_b.test': true }),
  judged('whole-name', `${dns}: label by label`, forManyNames, {
    'x.a_b.test': false,
    'xa_b.test': false,
    'a_b.test.x': false,
    'b.test': false,
  }),
  judged('wildcard/any-label', `${dns}: exactly one label`, forManyNames, {
    'SOME.Wild.test': true,
    'bücher.wild.test': true,
    'wild.test': false,
    'x.y.wild.test': false,
  }),
  judged('wildcard/whole-left-most-label', `${dns}: requirement 2`, forManyNames, {
    'xy.part.test': false,
    'x.a.middle.test': false,
  }),
  judged('wildcard/only-one', `${dns}: requirement 1`, forManyNames, { 'a.b.twice.test': false }),
  judged('wildcard/two-labels-below', 'RFC 9525 §7.1: stricter than it has to be', forManyNames, {
    'a.test': false,
    host: false,
  }),
  judged('address/byte-for-byte', `${ip}: octet for octet`, forManyNames, {
    '192.0.2.1': true,
    '2001:DB8::1:1:1:1:1': true,
    '192.0.2.2': false,
  }),
  judged('address/mapped-is-another', `${ip}: told apart by their length`, forManyNames, {
    '::ffff:192.0.2.9': true,
    '192.0.2.9': false,
    '::ffff:192.0.2.1': false,
  }),
  judged('address/never-by-a-dns-name', 'RFC 9525 §6.2: an IP-ID is an iPAddress', forManyNames, {
    '192.0.2.7': false,
  }),
  judged('other-kinds-of-names', 'RFC 9525 §6.2: a DNS-ID is a dNSName', forManyNames, {
    'mail.test': false,
    'uri.test': false,
  }),
  judged('common-name/beside-others', 'RFC 9525 §2: never', forManyNames, { 'common.test': false }),
  judged('common-name/alone', 'RFC 9525 §2: never', commonNameOnly, { 'a.test': false }),
  judged('malformed/zero-bytes', 'RFC 5280 §4.2.1.6; CVE-2009-2408', withMalformedNames, {
    'nul.test': false,
    'nul-last.test': false,
  }),
  judged('malformed/spaces', 'RFC 5280 §4.2.1.6: the preferred name syntax', withMalformedNames, {
    'space.test': false,
    'space-last.test': false,
  }),
  judged('malformed/dots', 'RFC 5280 §4.2.1.6: the preferred name syntax', withMalformedNames, {
    'dot-last.test': false,
    'dot.test': false,
    'x.dot.test': false,
    'x.wild.test': false,
  }),
  judged(
    'malformed/others',
    'RFC 5280 §4.2.1.6; §7.2: U-labels are not stored',
    withMalformedNames,
    {
      'port.test': false,
      'bücher.test': false,
    },
  ),
]

/** Whose certificate it is: which names and addresses it is for, by RFC 9525. */
export const identity: ConformanceArea = {
  name: 'identity',
  scope: 'backend',
  applies: (supports) => supports.client,
  cases,
}
