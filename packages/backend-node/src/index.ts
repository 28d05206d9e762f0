export { createNodeBackend, nodeBackend } from './backend.js'
