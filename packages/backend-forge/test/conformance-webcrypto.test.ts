import { createForgeBackend } from '@tlsio/backend-forge'
import { type CreateBackend, conformance } from '@tlsio/conformance'
import test from 'ava'

// What pages have, whose ciphers answer later; here they would be those of node:crypto.
const createBackend: CreateBackend = (context) =>
  createForgeBackend({ ...context, ciphers: 'webcrypto' })
conformance({ test, createBackend })
