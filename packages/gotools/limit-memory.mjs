/**
 * Sets the maximum of the memory that a WebAssembly module declares (core specification, section 5.5.8), because the Go
 * linker has no option for it.
 */
export function limitMemory(module, maxBytes) {
  for (let at = 8; at < module.length; ) {
    const size = readNumber(module, at + 1)
    const end = size.next + size.value
    if (module[at] === memorySection) {
      const [count, flags] = module.subarray(size.next)
      if (count !== 1 || flags !== withoutMaximum) throw new Error('the module must have one memory without a maximum')
      const { value: minimum } = readNumber(module, size.next + 2)
      const body = [1, withMaximum, ...writeNumber(minimum), ...writeNumber(maxBytes / pageBytes)]
      const section = Buffer.from([memorySection, ...writeNumber(body.length), ...body])
      return Buffer.concat([module.subarray(0, at), section, module.subarray(end)])
    }
    at = end
  }
  throw new Error('the module has no memory')
}

const memorySection = 5
const withoutMaximum = 0
const withMaximum = 1
const pageBytes = 65_536

/** LEB128, section 5.2.2. */
function readNumber(bytes, at) {
  let value = 0
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++]
    value |= (byte & 0x7f) << shift
    if (byte < 0x80) return { value, next: at }
  }
}

function writeNumber(value) {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...writeNumber(value >>> 7)]
}
