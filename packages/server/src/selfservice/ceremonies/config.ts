/** A method cannot work without a relying party; its id must never change, so that there is no default. */
export const rpWhenEnabled = {
  if: { properties: { enabled: { const: true } }, required: ['enabled'] },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { required: ['config'], properties: { config: { required: ['rp'] } } },
}
