export { captchaNodes, showCaptcha } from './nodes.ts'
export { redeemCaptcha, requireCaptcha } from './require.ts'
export { captchaScript } from './script.ts'
