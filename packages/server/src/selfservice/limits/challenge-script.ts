import { integrityOf } from '../ui/script.ts'

/** The path of the script that solves challenges. */
export const challengeScriptPath = '/.well-known/latchkey/proof-of-work.js'

/**
 * Solves the challenge of a form in short turns, so that the page stays usable, and fills in the solution. Progress is
 * announced to screen readers when it begins and ends. A form that is submitted before is sent when the solution is
 * there. SHA-256 is that of FIPS 180-4: the Web Crypto API answers each hash asynchronously, which takes longer than
 * the hash. Served as is.
 */
export const challengeScript = `(() => {
  'use strict'
  const field = (name) => document.getElementsByName(name)
  const words = {
    en: ['Checking your browser: ', 'Your browser has been checked.'],
    de: ['Ihr Browser wird geprüft: ', 'Ihr Browser wurde geprüft.'],
  }[(document.documentElement.lang || 'en').slice(0, 2)] || ['Checking your browser: ', 'Your browser has been checked.']

  const primes = []
  for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p)) primes.push(n)
  const fraction = (value) => ((value - Math.floor(value)) * 4294967296) | 0
  const K = Int32Array.from(primes, (p) => fraction(Math.cbrt(p)))
  const start = Int32Array.from(primes.slice(0, 8), (p) => fraction(Math.sqrt(p)))
  const W = new Int32Array(64)

  const block = (state, bytes, at) => {
    for (let i = 0; i < 16; i++, at += 4)
      W[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]
    for (let i = 16; i < 64; i++) {
      const x = W[i - 15], y = W[i - 2]
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)
      W[i] = (W[i - 16] + s0 + W[i - 7] + s1) | 0
    }
    let a = state[0], b = state[1], c = state[2], d = state[3]
    let e = state[4], f = state[5], g = state[6], h = state[7]
    for (let i = 0; i < 64; i++) {
      const S1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
      const t1 = (h + S1 + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0
      const S0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
      const t2 = (S0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
      h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0
    }
    state[0] += a; state[1] += b; state[2] += c; state[3] += d
    state[4] += e; state[5] += f; state[6] += g; state[7] += h
  }

  /** Finds the number; the blocks that all numbers share are hashed once. */
  const search = ({ salt, challenge, maxnumber }) => {
    const bytes = new TextEncoder().encode(salt)
    const shared = bytes.length - (bytes.length % 64)
    const before = start.slice()
    for (let at = 0; at < shared; at += 64) block(before, bytes, at)
    const rest = bytes.slice(shared)
    const wanted = Int32Array.from(challenge.match(/.{8}/g), (part) => parseInt(part, 16) | 0)
    const tail = new Uint8Array(128)
    const state = new Int32Array(8)
    return (number) => {
      const digits = String(number)
      tail.fill(0)
      tail.set(rest)
      for (let i = 0; i < digits.length; i++) tail[rest.length + i] = digits.charCodeAt(i)
      const length = rest.length + digits.length
      tail[length] = 128
      const end = length < 56 ? 64 : 128
      const bits = (shared + length) * 8
      tail[end - 2] = bits >> 8
      tail[end - 1] = bits
      state.set(before)
      for (let at = 0; at < end; at += 64) block(state, tail, at)
      return state[0] === wanted[0] && state[1] === wanted[1] && number <= maxnumber && state.every((word, i) => word === wanted[i])
    }
  }

  const pause = () => new Promise((resolve) => setTimeout(resolve))
  const solve = async (options, progress) => {
    const matches = search(options)
    for (let number = 0; number <= options.maxnumber; ) {
      const until = performance.now() + 25
      while (performance.now() < until)
        for (let i = 0; i < 200; i++, number++) if (matches(number)) return number
      progress(number / options.maxnumber)
      await pause()
    }
  }

  /** The same challenge can be in several forms of a page. */
  const run = async () => {
    const [source] = field('captcha_proof_of_work_options')
    const targets = [...field('transient_payload.captcha_proof_of_work_response')]
    if (!source || targets.length === 0 || targets[0].value) return
    const options = JSON.parse(source.value)
    let waiting
    const forms = targets.map(({ form }) => form).filter(Boolean)
    const hold = (event) => {
      event.preventDefault()
      waiting = event
    }
    const shown = forms.map((form) => {
      const status = document.createElement('p')
      status.setAttribute('role', 'status')
      const bar = document.createElement('progress')
      bar.setAttribute('aria-label', words[0])
      status.append(words[0], bar)
      ;(form.querySelector('[data-captcha]') || form).append(status)
      for (const type of ['submit', 'latchkey:submit']) form.addEventListener(type, hold)
      return { form, status, bar }
    })
    const number = await solve(options, (part) => shown.forEach(({ bar }) => { bar.value = part }))
    const { maxnumber, ...signed } = options
    const value = number === undefined ? '' : btoa(JSON.stringify({ ...signed, number }))
    for (const target of targets) target.value = value
    for (const { form, status } of shown) {
      status.textContent = value && words[1]
      for (const type of ['submit', 'latchkey:submit']) form.removeEventListener(type, hold)
    }
    window.dispatchEvent(new CustomEvent('latchkeyProofOfWork'))
    // A script that submits a form does not want it to be validated.
    if (waiting?.type === 'submit') waiting.target.requestSubmit(waiting.submitter)
    else waiting?.target.submit()
  }
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', run)
  else run()
})()
`

export const challengeScriptIntegrity = integrityOf(challengeScript)
