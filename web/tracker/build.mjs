// Builds dist/t.js: one classic script without dependencies, for browsers and
// in-app web views from 2018 on.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const { version } = JSON.parse(readFileSync(here('package.json'), 'utf8'))

await build({
  entryPoints: [here('src/main.ts')],
  outfile: here('dist/t.js'),
  bundle: true,
  minify: true,
  format: 'iife',
  target: ['es2017'],
  charset: 'utf8',
  legalComments: 'none',
  define: { __VERSION__: JSON.stringify(version) },
  banner: { js: `/* huoshui.js ${version} | Apache-2.0 */` },
  logLevel: 'warning',
})
