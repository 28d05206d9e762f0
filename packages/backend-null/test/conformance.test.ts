import { createNullBackend } from '@tlsio/backend-null'
import { conformance } from '@tlsio/conformance'
import test from 'ava'

conformance({ test, createBackend: createNullBackend })
