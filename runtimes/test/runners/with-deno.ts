import { conformance } from '@tlsio/conformance'
import { type DenoTest, deno } from '@tlsio/conformance/deno'
import { scenario } from './chosen-scenario.js'

declare const Deno: { readonly test: DenoTest }

for (const options of scenario) conformance({ test: deno(Deno.test), ...options })
