/** The reason why the data of another program cannot be imported. */
export class ImportError extends Error {}
