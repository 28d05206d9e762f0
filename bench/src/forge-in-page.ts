import type { Comparison, Contender } from './comparison.js'
import type { Direction, Subject } from './page-transfers.js'
import { pageProblem, type TransferPage } from './transfer-page.js'

const MEBIBYTE = 1024 * 1024

/** The libraries that a page has. */
const libraries = ['webcrypto', 'noble'] as const

/**
 * Bulk transfer over TLS 1.1 within a page, client and server at once, against raw forge doing the
 * same.
 */
export function pageComparisons(page: TransferPage): readonly Comparison[] {
  return libraries.flatMap((ciphers) =>
    (['read', 'write'] as const).map((direction) => ({
      name: `${direction}-chromium-${ciphers}`,
      title: `Bulk ${direction} in Chromium, ciphers ${ciphers}`,
      unit: 'MB/s',
      problem: pageProblem,
      tlsio: inPage(page, ciphers, direction, 32 * MEBIBYTE),
      baselines: [
        { label: 'raw node-forge', aim: 1.5, ...inPage(page, 'raw', direction, 4 * MEBIBYTE) },
      ],
    })),
  )
}

function inPage(
  page: TransferPage,
  subject: Subject,
  direction: Direction,
  size: number,
): Contender {
  return {
    amount: size / 1e6,
    async round(stopwatch) {
      stopwatch.record(await page.transfer(subject, direction, size))
    },
  }
}
