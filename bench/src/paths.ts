import { X509Certificate } from 'node:crypto'
import { TlsCertificate } from '@tlsio/core'
import { PathValidator } from '@tlsio/core/backend'
import type { Baseline, Comparison, Contender } from './comparison.js'
import { opensslVerify } from './openssl-verify.js'
import { ecdsaPath, rsaPath } from './path-certificates.js'

/** Paths per round: enough for some tens of milliseconds, at the least. */
const FIRST_TIME = 40
const AGAIN = 400

/** All comparisons of path validation. */
export function pathComparisons(): Comparison[] {
  return [
    ...comparisonsOf('rsa', 'RSA 2048', rsaPath),
    ...comparisonsOf('ecdsa', 'ECDSA P-256', ecdsaPath),
  ]
}

function comparisonsOf(name: string, keys: string, pem: string): Comparison[] {
  const path = TlsCertificate.listFromPem(pem).map(({ der }) => der)
  return [
    {
      name: `paths-${name}-first`,
      title: `Paths of ${path.length}, ${keys}, first time`,
      ...paths,
      tlsio: {
        amount: FIRST_TIME,
        round: (stopwatch) => stopwatch.time(() => validateAfresh(path)),
      },
      baselines: [
        links('parse, verify of each link', 0.25, FIRST_TIME, () => path.map(parse)),
        ...opensslVerify(pem, 0.25),
      ],
    },
    {
      name: `paths-${name}-again`,
      title: `Paths of ${path.length}, ${keys}, seen before`,
      ...paths,
      tlsio: remembering(path),
      baselines: [parsedLinks(path), ...opensslVerify(pem, 1)],
    },
  ]
}

const paths = { unit: 'paths/s' } as const

/** A validator for each path knows nothing from the one before. */
async function validateAfresh(path: readonly Uint8Array[]): Promise<void> {
  for (let done = 0; done < FIRST_TIME; done++) {
    await validateOnce(new PathValidator(path.slice(-1)), path)
  }
}

function remembering(path: readonly Uint8Array[]): Contender {
  const validator = new PathValidator(path.slice(-1))
  return {
    amount: AGAIN,
    async round(stopwatch) {
      await validateOnce(validator, path)
      await stopwatch.time(async () => {
        for (let done = 0; done < AGAIN; done++) await validateOnce(validator, path)
      })
    },
  }
}

async function validateOnce(
  validator: PathValidator,
  [leaf, ...others]: readonly Uint8Array[],
): Promise<void> {
  const { flags } = await validator.validate(leaf as Uint8Array, { others })
  if (flags !== 0) throw new Error(`The path of the benchmark is not valid: ${flags}.`)
}

function parsedLinks(path: readonly Uint8Array[]): Baseline {
  const certificates = path.map(parse)
  return links('verify of each link', 1, AGAIN, () => certificates)
}

/** Less work: names and signatures only. OpenSSL remembers none of it. */
function links(
  label: string,
  aim: number,
  amount: number,
  certificates: () => X509Certificate[],
): Baseline {
  return {
    label,
    aim,
    amount,
    round: (stopwatch) =>
      stopwatch.time(async () => {
        for (let done = 0; done < amount; done++) verifyLinks(certificates())
      }),
  }
}

function verifyLinks(path: readonly X509Certificate[]): void {
  for (const [at, certificate] of path.slice(0, -1).entries()) {
    const issuer = path[at + 1] as X509Certificate
    if (!certificate.checkIssued(issuer) || !certificate.verify(issuer.publicKey)) {
      throw new Error('The path of the benchmark is not one.')
    }
  }
}

function parse(der: Uint8Array): X509Certificate {
  return new X509Certificate(der)
}
