import { FileMemory } from './files/fileMemory.ts';
import { sidecarName } from './names.ts';
import { readSidecar, type Sidecar } from './sidecar.ts';

const memory = new FileMemory<Sidecar | null>();

/**
 * The sidecar of an artefact as `readSidecar` gives it, read once for as long as its file stays the same (`FileMemory`).
 * Throws ArtefactError where it is damaged.
 */
export function rememberedSidecar(artefactPath: string): Promise<Sidecar | null> {
  return memory.recall(sidecarName(artefactPath), () => readSidecar(artefactPath));
}
