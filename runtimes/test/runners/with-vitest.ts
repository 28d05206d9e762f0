import { conformance } from '@tlsio/conformance'
import { vitest } from '@tlsio/conformance/vitest'
import { test } from 'vitest'
import { scenario } from './chosen-scenario.js'

for (const options of scenario) conformance({ test: vitest(test), ...options })
