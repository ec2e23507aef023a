import { runFileName } from '../artefacts/names.ts';
import { alertHeadline, alertSummary } from '../domain/drift/alertText.ts';
import { alertFigures } from './alertFigures.ts';
import type { Alert } from './listAlerts.ts';

/** What is sent, in the forms that the channels need. */
export interface AlertMessage {
  readonly type: 'drift-alert' | 'test';
  /** The same for every attempt to send the message, so that a receiver can recognise a second delivery. */
  readonly id: string;
  /** One line. */
  readonly headline: string;
  /** Some sentences of plain text. */
  readonly summary: string;
  /** Plain text or Markdown. */
  readonly text: string;
  /** For programs; null in a test. */
  readonly figures: Readonly<Record<string, unknown>> | null;
}

/** The message of an alert. @param text the content of the alert's file. */
export function messageOf(alert: Alert, text: string): AlertMessage {
  const { id, result } = alert;
  // The message leaves out who acknowledged the alert and where it was sent.
  const { acknowledgement: _, deliveries: __, ...figures } = alertFigures(alert);
  return {
    type: 'drift-alert',
    id: `${id}-${result.actualSha256.slice(0, 8)}`,
    headline: alertHeadline(alert),
    summary: `${alertSummary(result)} No retrain has been triggered. The whole alert is ${id}.md; the customers are in ${runFileName('predictions_actual', result)}.`,
    text,
    figures,
  };
}

/** A message that says that it is only a test. @param id of this test. */
export function testMessage(id: string): AlertMessage {
  const summary = 'Drift alerts of CLV Horizon will arrive here. This is a test; nothing has happened.';
  return {
    type: 'test',
    id,
    headline: 'Test of the alert channel',
    summary,
    text: `# Test\n\n${summary}\n`,
    figures: null,
  };
}
