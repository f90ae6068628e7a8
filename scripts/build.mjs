// Compiles the sources of each package to JavaScript and declarations in its dist folder, in dependency order.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = new URL('../', import.meta.url)
const tsc = fileURLToPath(new URL('node_modules/typescript/bin/tsc', root))

for (const name of ['api', 'client', 'pages', 'server', 'cli']) {
  const folder = new URL(`packages/${name}/`, root)
  rmSync(new URL('dist', folder), { recursive: true, force: true })
  const config = fileURLToPath(new URL('tsconfig.build.json', folder))
  const { status } = spawnSync(process.execPath, [tsc, '-p', config], { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
  console.log(`built packages/${name}`)
}
