/** The TypeScript file that carries the WebAssembly module of `source`, the text of kernels/forest.ts. */
export function compileKernel(source: string): Promise<string>;
