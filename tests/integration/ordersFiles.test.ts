import { appendFile, chmod, mkdir, rename, rm, symlink, truncate } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TransientError } from '../../src/domain/errors.ts';
import { readCsvHeader } from '../../src/orders/files/fileHeader.ts';
import { assertGzipWhole, findSourceFiles } from '../../src/orders/files/sourceFiles.ts';
import { sourceSignature } from '../../src/orders/files/sourceSignature.ts';
import { Duck } from '../../src/tables/duck.ts';
import { customersOf, failureOf, HEADER, type OrdersReader, openOrdersReader } from '../ordersReader.ts';

const isRoot = process.getuid?.() === 0;

let reader: OrdersReader;
let root: string;

beforeEach(async () => {
  reader = await openOrdersReader();
  root = reader.folder.home.root;
});
afterEach(() => reader.close());

/** A file of one order, whose customer is named like the file. */
const writeOrder = (name: string): Promise<string> =>
  reader.folder.write(name, `${HEADER}${name},${name},2024-01-01,1\n`);

const customersIn = async (glob: string): Promise<string[]> =>
  Object.keys(await customersOf(await reader.read(`${root}/${glob}`)));

describe('the name of a file', () => {
  test('says that it is packed in capitals as well', async () => {
    await writeOrder('a.csv');
    await reader.folder.write('b.CSV.GZ', gzipSync(`${HEADER}b,b,2024-01-01,1\nc,c,2024-01-01,1\n`));
    const row = '{"order_id":"d","customer_id":"d","order_date":"2024-01-01","revenue":1}\n';
    await reader.folder.write('d.NDJSON.GZ', gzipSync(row));
    expect(await customersIn('[abd].*')).toEqual(['a.csv', 'b', 'c', 'd']);
  });

  test.each(['order_date=2020-01-01', 'column2=9', 'line=9'])(
    'and those of its folders, %s for example, are no columns',
    async (folder) => {
      await mkdir(`${root}/${folder}`);
      const row = '{"order_id":"b","customer_id":"b","order_date":"2024-01-01","revenue":1}\n';
      await reader.folder.write(`${folder}/o.csv`, `${HEADER}a,a,2024-01-01,1\n`);
      await reader.folder.write(`${folder}/o.ndjson`, row);
      const duck = await Duck.open({ threads: 1 });
      await duck.run(
        `COPY (SELECT 'c' order_id, 'c' customer_id, DATE '2024-01-01' order_date, 1.0 revenue) TO '${root}/${folder}/o.parquet'`,
      );
      duck.close();
      for (const ending of ['csv', 'ndjson', 'parquet']) {
        const book = await reader.read(`${root}/${folder}/o.${ending}`);
        expect(book.report).toMatchObject({ acceptedRows: 1, firstDate: '2024-01-01' });
      }
    },
  );
});

describe('a glob', () => {
  test('fits no hidden file and none that is being written, unless it names the point or the ending', async () => {
    await writeOrder('a.csv');
    await writeOrder('.b.csv');
    await reader.folder.write('._a.csv', Buffer.from([0, 5, 22, 7, 0, 2, 0, 0]));
    await reader.folder.write('a.csv.0123abcd-1-0123abcd.01234567.tmp', 'half');
    expect(await customersIn('*.csv')).toEqual(['a.csv']);
    expect(await customersIn('[!x]*csv*')).toEqual(['a.csv']);
    expect(await customersIn('.b*.csv')).toEqual(['.b.csv']);
    expect(await customersIn('.b.csv')).toEqual(['.b.csv']);
    expect((await failureOf(reader.read(`${root}/*.tmp`))).code).toBe('ORDERS_FILE_KIND');
    const { code, remedy } = await failureOf(reader.read(`${root}/?b.csv`));
    expect(code).toBe('ORDERS_FILE_MISSING');
    expect(remedy).toContain('Hidden files have to be named');
  });

  test('enters no hidden folder, unless it names its point', async () => {
    for (const folder of ['shop', 'shop/.git', 'shop/deep', 'shop/deep/.x', 'shop/deep/est'])
      await mkdir(`${root}/${folder}`);
    const files = [
      'shop/a.csv',
      'shop/.git/b.csv',
      'shop/deep/c.csv',
      'shop/deep/.x/d.csv',
      'shop/deep/est/e.csv',
    ];
    for (const file of files) await writeOrder(file);
    expect(await customersIn('shop/**/*.csv')).toEqual([
      'shop/a.csv',
      'shop/deep/c.csv',
      'shop/deep/est/e.csv',
    ]);
    expect(await customersIn('shop/*/*.csv')).toEqual(['shop/deep/c.csv']);
    expect(await customersIn('shop/**/.x/*.csv')).toEqual(['shop/deep/.x/d.csv']);
    expect(await customersIn('shop/.g*/*.csv')).toEqual(['shop/.git/b.csv']);
    expect(await customersIn('shop/**')).toEqual(['shop/a.csv', 'shop/deep/c.csv', 'shop/deep/est/e.csv']);
  });

  test('has *, ? and ranges for signs, and every other letter for itself', async () => {
    for (const name of ['a-b.csv', 'a+b.csv', 'a1.csv', 'ab.csv', '{a}.csv', '(a).csv', 'é.csv'])
      await writeOrder(name);
    expect(await customersIn('a-*.csv')).toEqual(['a-b.csv']);
    expect(await customersIn('a+?.csv')).toEqual(['a+b.csv']);
    expect(await customersIn('a[0-9].csv')).toEqual(['a1.csv']);
    expect(await customersIn('a[!0-9].csv')).toEqual(['ab.csv']);
    expect(await customersIn('{a*.csv')).toEqual(['{a}.csv']);
    expect(await customersIn('(*')).toEqual(['(a).csv']);
    expect(await customersIn('?.csv')).toEqual(['é.csv']);
    for (const glob of ['[z-a].csv', '[.csv', 'no*/a.csv'])
      expect((await failureOf(reader.read(`${root}/${glob}`))).code).toBe('ORDERS_FILE_MISSING');
  });

  test('follows links to files, passes over folders, and does not go round in circles', async () => {
    await mkdir(`${root}/in/folder.csv`, { recursive: true });
    await writeOrder('in/a.csv');
    await symlink('a.csv', `${root}/in/b.csv`);
    await symlink('..', `${root}/in/back`);
    expect((await findSourceFiles(`${root}/in/*.csv`)).map(({ name }) => name)).toEqual(['a.csv', 'b.csv']);
    expect((await findSourceFiles(`${root}/in/**/a.csv`)).map(({ name }) => name)).toEqual(['a.csv']);
  });
});

describe('a file that cannot be read is named, and why', () => {
  test('where a link leads in a circle or to nothing', async () => {
    await symlink('two.csv', `${root}/one.csv`);
    await symlink('one.csv', `${root}/two.csv`);
    for (const source of ['one.csv', 'o*.csv']) {
      const { code, message } = await failureOf(reader.read(`${root}/${source}`));
      expect([code, message]).toEqual([
        'ORDERS_FILE_UNREADABLE',
        `${root}/one.csv is a link that leads round in a circle.`,
      ]);
    }
    await symlink('nowhere.csv', `${root}/third.csv`);
    await writeOrder('there.csv');
    expect((await failureOf(reader.read(`${root}/th*.csv`))).message).toContain(
      'third.csv is listed in its folder',
    );
  });

  test('where it went after it had been listed', async () => {
    const [file] = await findSourceFiles(await writeOrder('a.csv'));
    const [packed] = await findSourceFiles(await reader.folder.write('b.csv.gz', gzipSync(HEADER)));
    await rm(file.path);
    await rm(packed.path);
    const works = [() => readCsvHeader(file), () => readCsvHeader(packed), () => assertGzipWhole(packed)];
    for (const work of works) {
      const { code, message, remedy } = await failureOf(work());
      expect(code).toBe('ORDERS_FILE_UNREADABLE');
      expect(message).toMatch(/[ab]\.csv(\.gz)? is listed .* it has just gone/);
      expect(remedy).toContain('Run this again');
    }
  });

  test.skipIf(isRoot)('where this user may not', async () => {
    const whole = { 'a.csv': HEADER, 'b.csv.gz': gzipSync(HEADER), 'c.parquet': 'PAR1PAR1' };
    for (const [name, content] of Object.entries(whole)) {
      const path = await reader.folder.write(name, content);
      await chmod(path, 0);
      expect(await failureOf(reader.read(path))).toMatchObject({
        code: 'ORDERS_FILE_UNREADABLE',
        message: `${path} may not be read by this user.`,
      });
    }
    await mkdir(`${root}/shop/closed`, { recursive: true });
    await chmod(`${root}/shop/closed`, 0);
    for (const glob of ['shop/closed/*.csv', 'shop/*/a.csv', 'shop/**/*.csv'])
      expect((await failureOf(reader.read(`${root}/${glob}`))).code).toBe('ORDERS_FILE_UNREADABLE');
    expect((await failureOf(sourceSignature(`${root}/shop/*/a.csv`, root))).code).toBe(
      'ORDERS_FILE_UNREADABLE',
    );
    await chmod(`${root}/shop/closed`, 0o700);
  });

  test.each([
    ['packed with gzip', 'a.csv', gzipSync(HEADER)],
    ['packed with gzip', 'a.csv.gz', gzipSync(gzipSync(HEADER))],
    ['a zip archive or a spreadsheet', 'a.csv', Buffer.from('PK\x03\x04\x14\0\0\0')],
    ['a Parquet file', 'a.ndjson', Buffer.from('PAR1\x15\x04')],
  ])('where it is %s and is called %s', async (kind, name, content) => {
    const { code, message } = await failureOf(reader.read(await reader.folder.write(name, content)));
    expect(code).toBe('ORDERS_FILE_KIND');
    expect(message).toContain(`is not a text file: it is ${kind}`);
  });

  test('where its first row is in another encoding, or a note to spreadsheets', async () => {
    const latin1 = Buffer.from('Käufer;order_date;revenue\n', 'latin1');
    const { code, message } = await failureOf(reader.read(await reader.folder.write('l.csv', latin1)));
    expect([code, message]).toEqual([
      'ORDERS_FILE_ENCODING',
      `${root}/l.csv is not UTF-8 text: there are letters of another encoding in row 1.`,
    ]);
    const noted = await failureOf(reader.readText(`sep=;\n${HEADER.replaceAll(',', ';')}`));
    expect(noted.message).toContain('is sep=;, a note to spreadsheets');
  });

  test('where rows end in CR and others in LF: which row, also below a quote that is a letter', async () => {
    const rows = [
      'a,5" x,2024-01-01,5',
      'b,"2""\n",2024-01-02,6',
      'c, "3\r4",2024-01-03,7',
      'd,5,2024-01-04,8',
    ];
    const { code, message } = await failureOf(
      reader.readText(`${HEADER}${rows.join('\n')}\re,6,2024-01-05,9\n`),
    );
    expect(code).toBe('ORDERS_LINE_ENDS');
    expect(message).toContain('Row 5 of ');
  });

  test('where nothing is left of its rows: what they were rejected for', async () => {
    const { code, message } = await failureOf(
      reader.readText(`${HEADER}a,1,2024-01-01,many\n`, { maxRejectShare: 1 }),
    );
    expect(code).toBe('ORDERS_NONE');
    expect(message).toContain('Rejected: 1 unreadable_revenue (first: orders.csv row 2, "many")');
  });
});

describe('a file that is changed while it is read is refused, and may be tried again', () => {
  const rows = `${HEADER}a,1,2024-01-02,5\nb,2,2024-01-03,6\n`;

  /** Reads two orders and a reject; `change` comes when the reject is put away, in the middle of reading. */
  const readWhile = async (change: (path: string) => Promise<void>, share = 1) => {
    const path = await reader.folder.write('growing.csv', `${rows}c,3,yesterday,7\n`);
    const quarantine = async (): Promise<string> => {
      await change(path);
      return 'rejects.csv';
    };
    return reader.read(path, { maxRejectShare: share }, { quarantine });
  };

  test.each<[string, (path: string) => Promise<void>]>([
    ['grows', (path) => appendFile(path, 'd,4,2024-01-04,8\n')],
    ['shrinks', (path) => truncate(path, 70)],
    ['goes', (path) => rm(path)],
    [
      'is replaced',
      async (path) => {
        await reader.folder.write('new.csv', `${rows}c,3,yesterday,7\n`);
        await rename(`${root}/new.csv`, path);
      },
    ],
  ])('where it %s', async (_how, change) => {
    const error = await failureOf(readWhile(change));
    expect(error).toBeInstanceOf(TransientError);
    expect(error).toMatchObject({ code: 'ORDERS_FILE_CHANGED' });
    expect(error.message).toBe(`${root}/growing.csv was changed while it was being read.`);
    expect(error.remedy).toContain('renamed at the end');
  });

  test('also where half a file cannot be used, since that may be why', async () => {
    const { code } = await failureOf(readWhile((path) => appendFile(path, 'd,4,2024-01-04,8\n'), 0));
    expect(code).toBe('ORDERS_FILE_CHANGED');
  });

  test('and is read where it stays', async () => {
    const book = await readWhile(async () => {});
    expect(await customersOf(book)).toEqual({ '1': 5, '2': 6 });
  });
});

describe('a line that is too long', () => {
  const order = (id: number, note = ''): string =>
    `${JSON.stringify({ customer_id: id, order_date: '2024-01-01', revenue: id, note })}\n`;

  test('is a reject, also in NDJSON', async () => {
    const text = order(1) + order(2, 'x'.repeat(3_000_000)) + order(3);
    const book = await reader.readText(text, { maxRejectShare: 0.5 }, 'o.ndjson');
    expect(await customersOf(book)).toEqual({ '1': 1, '3': 3 });
    expect(book.report).toMatchObject({ rowsRead: 3, rejectsByReason: { malformed_row: 1 } });
    expect(reader.rejects()).toMatchObject([{ row: 2, reason: 'malformed_row' }]);
  });

  test('beyond what can be told apart stops the reading with its row, instead of being lost', async () => {
    const lost = 'x'.repeat(40_000_000);
    const csv = `${HEADER}a,1,2024-01-01,5\n${lost}\nb,2,2024-01-02,6\n`;
    const ndjson = order(1) + order(2, lost) + order(3);
    const sources = [
      [await reader.folder.write('o.csv', csv), 3],
      [await reader.folder.write('o.csv.gz', gzipSync(csv)), 3],
      [await reader.folder.write('o.ndjson', ndjson), 2],
      [await reader.folder.write('cr.csv', csv.replaceAll('\n', '\r')), 3],
      [await reader.folder.write('quoted.csv', csv.replace('a,1', '"a\nb\nc",1')), 3],
    ] as const;
    for (const [path, row] of sources) {
      const { code, message } = await failureOf(reader.read(path, { maxRejectShare: 1 }));
      expect([code, message]).toEqual([
        'ORDERS_LINE_TOO_LONG',
        `Row ${row} of ${path} is longer than 8 MB, so it cannot be an order.`,
      ]);
    }
  });
});

describe('NDJSON', () => {
  test('may have lines that end in different ways, and letters of another encoding in a row that is rejected', async () => {
    const line = (id: string): string => `{"customer_id":"${id}","order_date":"2024-01-01","revenue":5}`;
    const text = Buffer.from(`${line('1')}\r\n${line('2')}\n\n${line('ä')}\n${line('3')}\n`, 'latin1');
    const book = await reader.read(await reader.folder.write('o.ndjson', text), { maxRejectShare: 0.25 });
    expect(await customersOf(book)).toEqual({ '1': 5, '2': 5, '3': 5 });
    expect(reader.rejects()).toMatchObject([{ row: 4, reason: 'malformed_row' }]);
  });

  test('with objects, lists and nothing in place of amounts has rejects', async () => {
    const text = [{ amount: 5 }, [5], null, true, 7].map((revenue, i) =>
      JSON.stringify({ customer_id: i, order_date: '2024-01-01', revenue }),
    );
    const book = await reader.readText(text.join('\n'), { maxRejectShare: 1 }, 'o.ndjson');
    expect(await customersOf(book)).toEqual({ '4': 7 });
    expect(reader.rejects().map(({ row, reason }) => [row, reason])).toEqual(
      [1, 2, 3, 4].map((row) => [row, 'unreadable_revenue']),
    );
  });
});

test('a name of a column with a line break in it is named, and not taken for a row that is too short', async () => {
  const header = 'order_id,customer_id,order_date,"revenue\n(EUR)"\n';
  const { message, remedy } = await failureOf(reader.readText(`${header}1,7,2024-01-01,5\n`));
  expect(message).toContain('ends inside quotes, so a name of a column goes on in row 2');
  expect(message).toContain('"revenue');
  expect(remedy).toContain('take the line break out of it');
});

describe('a quote that is never closed', () => {
  const failureIn = (text: string) => failureOf(reader.readText(text));

  test('is named with its row and what stands there', async () => {
    const { code, message } = await failureIn(`${HEADER}a,1,2024-01-01,5\n\nb,"é2,2024-01-02,6\n`);
    expect(code).toBe('ORDERS_QUOTE_OPEN');
    expect(message).toMatch(/^Row 4 of .*: b,"é2,2024-01-02,6$/);
  });

  test('is never shown with the text of another row, however large the file is', async () => {
    const row = `a,${'x'.repeat(1_000_000)},2024-01-01,5\n`;
    const { message } = await failureIn(`${HEADER}${row}b,"2,2024-01-02,6\n${row.repeat(40)}`);
    expect(message).toMatch(/^Row 3 of .* cannot be told from one another(\.|: b,"2,2024-01-02,6\n)/);
  });
});

describe('the names of columns are split as the rows are', () => {
  const columns = (revenue: string) => ({
    customerId: 'customer_id',
    orderDate: 'order_date',
    revenue,
    orderId: null,
  });

  test.each([
    [
      'a quote in the middle of a name',
      'customer_id,5" screens,order_date,12" x',
      '12" x',
      '7,1,2024-01-01,5',
    ],
    ['a quoted name', 'customer_id,order_date, "net ""x"", EUR" ', 'net "x", EUR', '7,2024-01-01,5'],
    [
      'more commas in quotes than semicolons between',
      'customer_id;"a, b, c, d";order_date;revenue',
      'revenue',
      '7;1;2024-01-01;5',
    ],
    [
      'more commas in a name than semicolons between',
      'customer_id;order_date;net, without tax, EUR, all',
      'net, without tax, EUR, all',
      '7;2024-01-01;5.0',
    ],
    ['a first row that is broken', 'customer_id;order_date;net, EUR', 'net, EUR', 'x\n7;2024-01-01;5'],
  ])('%s', async (_, names, revenue, rows) => {
    const settings = { columns: columns(revenue), maxRejectShare: 0.5 };
    expect(await customersOf(await reader.readText(`${names}\n\n${rows}\n`, settings))).toEqual({ '7': 5 });
  });

  test('also where the first row is below many kilobytes of names', async () => {
    const names = `customer_id;order_date;revenue;${'x, '.repeat(30_000)}`;
    const text = `${names}\n7;2024-01-01;5;${'y'.repeat(70_000)}\n`;
    expect(await customersOf(await reader.readText(text))).toEqual({ '7': 5 });
  });
});
