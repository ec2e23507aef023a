import type { IsoDate } from '../../domain/calendar/dates.ts';
import type { VariableStability } from '../../domain/drift/populationStability.ts';
import { writeCsv } from '../files/csvFile.ts';
import { rounded } from '../files/roundedNumber.ts';
import { monitoringFile } from '../names.ts';

const DIGITS = 6;

/** Writes `monitoring/psi_<cutoff>.csv`, one row a variable; gives its name below `outputs`. Throws FileWriteError. */
export async function writeStability(
  outputs: string,
  run: { readonly cutoff: IsoDate; readonly modelId: string },
  variables: readonly VariableStability[],
): Promise<string> {
  const name = monitoringFile('psi', run.cutoff);
  const share = (value: number | undefined) => (value === undefined ? null : rounded(value, DIGITS));
  await writeCsv(
    `${outputs}/${name}`,
    [
      'cutoff',
      'model_id',
      'variable',
      'psi',
      'level',
      'expected_by_chance',
      'training_rows',
      'run_rows',
      'moved_most',
      'training_share',
      'run_share',
    ],
    variables.length,
    (row) => {
      const { variable, psi, level, expectedByChance, trainingRows, runRows, movedMost } = variables[row];
      return [
        run.cutoff,
        run.modelId,
        variable,
        rounded(psi, DIGITS),
        level,
        rounded(expectedByChance, DIGITS),
        trainingRows,
        runRows,
        movedMost?.bucket ?? null,
        share(movedMost?.trainingShare),
        share(movedMost?.runShare),
      ];
    },
  );
  return name;
}
