import { alertFiguresSchema } from '../alerts/alertFigures.ts';

/** What the API tells of a drift alert. */
export const alertSchema = alertFiguresSchema.meta({ id: 'Alert' });
