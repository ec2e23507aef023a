import { drawHeatMap, type HeatMap } from '../../src/artefacts/pages/heatMap.ts';
import { poolTask } from './taskAnswer.ts';

/** A heat map as the bytes of a PNG. */
export const drawHeatMapTask = poolTask((map: HeatMap): Promise<Uint8Array> => drawHeatMap(map));
