import asc from 'assemblyscript/asc';

/**
 * Compiles kernels/forest.ts.
 *
 * @param {string} source text of kernels/forest.ts.
 * @returns {Promise<string>} the TypeScript file that carries the WebAssembly module.
 */
export async function compileKernel(source) {
  let module;
  const options = ['--runtime', 'stub', '--noAssert', '-O3', '--converge', '--enable', 'simd'];
  const { error, stderr } = await asc.main(
    ['forest.ts', '--outFile', 'forest.wasm', '--importMemory', '--use', 'abort=', ...options],
    {
      readFile: (name) => (name === 'forest.ts' ? source : null),
      writeFile: (name, contents) => {
        if (name === 'forest.wasm') module = contents;
      },
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`kernels/forest.ts does not compile: ${stderr.toString()}`, { cause: error });
  const base64 = Buffer.from(module).toString('base64');
  return [
    '/** kernels/forest.ts as a WebAssembly module, in base64. Made by `npm run build:kernel`; do not edit. */',
    '// biome-ignore format: one long line is easier to replace than many',
    `export const kernelBase64 = '${base64}';`,
    '',
  ].join('\n');
}
