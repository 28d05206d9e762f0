import { test } from 'bun:test'
import { conformance } from '@tlsio/conformance'
import { bun } from '@tlsio/conformance/bun'
import { scenario } from './chosen-scenario.js'

for (const options of scenario) conformance({ test: bun(test), ...options })
