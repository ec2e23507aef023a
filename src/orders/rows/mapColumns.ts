import { closestName } from '../../domain/words/closestName.ts';
import { OrdersColumnError } from '../errors.ts';
import type { SourceFile } from '../files/sourceFile.ts';
import type { OrdersSettings } from '../settings.ts';
import type { ColumnSources } from './rawColumns.ts';

/**
 * Finds the columns of a file by their names in the config.
 *
 * @param found the names of all columns of the file.
 * @throws OrdersColumnError where one is missing, with the columns that were found, the closest match and all others that are
 *   missing, or where one stands there twice.
 */
export function mapColumns(
  file: SourceFile,
  found: readonly string[],
  settings: OrdersSettings,
): ColumnSources {
  const { customerId, orderDate, revenue, orderId } = settings.columns;
  const isProduct = typeof revenue !== 'string';
  const needed = [
    { key: 'customer_id', name: customerId },
    { key: 'order_date', name: orderDate },
    ...(isProduct
      ? [
          { key: 'revenue.quantity', name: revenue.quantity },
          { key: 'revenue.unit_price', name: revenue.unitPrice },
        ]
      : [{ key: 'revenue', name: revenue }]),
  ];
  const pick = (key: string, name: string): string => {
    const first = found.indexOf(name);
    if (first >= 0 && found.lastIndexOf(name) === first) return name;
    if (first >= 0) {
      throw new OrdersColumnError('ORDERS_COLUMN_TWICE', `${file.path} has the column "${name}" twice.`, {
        remedy: 'Rename one of the two, so that it is clear which one is meant.',
      });
    }
    if (found.some(looksLikeData)) {
      throw new OrdersColumnError(
        'ORDERS_COLUMN_MISSING',
        `${file.path} has no column "${name}" (data.columns.${key}): its first row holds ${found.join(', ')}, which looks like an order and not like names of columns.`,
        {
          remedy:
            'Write the names of the columns in a row above it, for example customer_id,order_date,revenue',
          values: { file: file.path, wanted: name, found, closest: null },
        },
      );
    }
    const closest = closestName(name, found);
    const hint = closest === null ? '' : ` The closest is "${closest}".`;
    const others = needed.filter((it) => it.key !== key && !found.includes(it.name));
    const too =
      others.length === 0
        ? ''
        : ` Missing, too: ${others.map((it) => `"${it.name}" (data.columns.${it.key})`).join(', ')}.`;
    const like = others.length === 0 ? '' : ', and the others likewise';
    throw new OrdersColumnError(
      'ORDERS_COLUMN_MISSING',
      `${file.path} has no column "${name}" (data.columns.${key}). It has: ${found.join(', ')}.${hint}${too}`,
      {
        remedy: `Set data.columns.${key} in config/model_config.yaml to ${closest === null ? 'the column that holds it' : `"${closest}"`}${like}.`,
        values: { file: file.path, wanted: name, found, closest },
      },
    );
  };
  return {
    order_id: optionalOrderId(),
    customer_id: pick('customer_id', customerId),
    order_date: pick('order_date', orderDate),
    revenue: isProduct ? pick('revenue.quantity', revenue.quantity) : pick('revenue', revenue),
    unit_price: isProduct ? pick('revenue.unit_price', revenue.unitPrice) : null,
  };

  /**
   * The order id is optional under its usual name, but not if the config names another one or lines are summed by it.
   */
  function optionalOrderId(): string | null {
    if (orderId === null) return null;
    if (orderId === 'order_id' && settings.grain === 'order' && !found.includes(orderId)) return null;
    return pick('order_id', orderId);
  }
}

/** Whether a name of a column is rather the date of an order. */
function looksLikeData(name: string): boolean {
  return /^\d{4}-\d{2}-\d{2}|^\d{1,2}[./]\d{1,2}[./]\d{4}/.test(name.trim());
}
