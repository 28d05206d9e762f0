#!/usr/bin/env node
// Not compiled, so that a package manager finds it before the first build.
import '../dist/cli/main.js'
