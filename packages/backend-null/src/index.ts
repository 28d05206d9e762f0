export { createNullBackend, nullBackend } from './backend.js'
