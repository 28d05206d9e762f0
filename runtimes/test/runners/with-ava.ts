import { conformance } from '@tlsio/conformance'
import { ava } from '@tlsio/conformance/ava'
import test from 'ava'
import { scenario } from './chosen-scenario.js'

for (const options of scenario) conformance({ test: ava(test), ...options })
