import { join } from 'node:path'
import { aptInstall, cacheDir, output, type Prepared, run } from './prepared.ts'

const client = 'ory-client==1.21.6'

/** A Python virtual environment with the official client. */
export async function findPython(): Promise<Prepared<string>> {
  const home = join(cacheDir, 'python')
  const python = join(home, 'bin', 'python')
  if (output(python, ['-c', 'import ory_client'])) return { found: python }
  if (output('python3', ['--version']) === undefined && !(await aptInstall('python3', 'python3-venv'))) {
    return { missing: 'Python 3 is not installed' }
  }
  const venv = () => run('python3', ['-m', 'venv', '--clear', home])
  if (!(await venv()).ok && !((await aptInstall('python3-venv')) && (await venv()).ok)) {
    return { missing: 'Python cannot make virtual environments here' }
  }
  const installed = await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', client])
  return installed.ok ? { found: python } : { missing: `${client} could not be installed: ${installed.tail}` }
}
