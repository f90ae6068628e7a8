import { join } from 'node:path'
import { root } from './latchkey.ts'
import { cacheDir, output, type Prepared, run } from './prepared.ts'

/** The path of the built Rust script, or the reason why it is unavailable. */
export async function buildRust(): Promise<Prepared<string>> {
  if (output('cargo', ['--version']) === undefined) return { missing: 'Rust (cargo) is not installed' }
  const target = join(cacheDir, 'rust')
  const built = await run('cargo', ['build', '--locked', '--quiet', '--target-dir', target], {
    cwd: join(root, 'test', 'sdk', 'rust'),
  })
  return built.ok
    ? { found: join(target, 'debug', 'latchkey-sdk') }
    : { missing: `the crate did not build: ${built.tail}` }
}
