import type { Comparison, Contender } from './comparison.js'
import type { Direction } from './page-transfers.js'
import { pageProblem, type TransferPage } from './transfer-page.js'

const MEBIBYTE = 1024 * 1024

/**
 * Bulk transfer over TLS 1.1 within a page, client and server at once, against raw forge doing the
 * same.
 */
export function pageComparisons(page: TransferPage): readonly Comparison[] {
  return (['read', 'write'] as const).map((direction) => ({
    name: `${direction}-chromium`,
    title: `Bulk ${direction} in Chromium, ciphers noble`,
    unit: 'MB/s',
    problem: pageProblem,
    tlsio: inPage(page, 'tlsio', direction, 32 * MEBIBYTE),
    baselines: [
      { label: 'raw node-forge', aim: 1.5, ...inPage(page, 'raw', direction, 4 * MEBIBYTE) },
    ],
  }))
}

function inPage(
  page: TransferPage,
  subject: 'tlsio' | 'raw',
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
