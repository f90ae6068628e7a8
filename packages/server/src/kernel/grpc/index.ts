export { type Implementation, implement } from './implement.ts'
export { shareWithGrpc } from './one-port.ts'
export { createGrpcServer, type GrpcOptions, type GrpcServer } from './server.ts'
export { wellFormed } from './status.ts'
