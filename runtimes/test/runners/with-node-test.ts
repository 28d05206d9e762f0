import { test } from 'node:test'
import { conformance } from '@tlsio/conformance'
import { nodeTest } from '@tlsio/conformance/node-test'
import { scenario } from './chosen-scenario.js'

for (const options of scenario) conformance({ test: nodeTest(test), ...options })
