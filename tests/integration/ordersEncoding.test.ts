import { appendFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FileWriteError } from '../../src/artefacts/files/replaceFile.ts';
import { plainBytes } from '../../src/orders/files/plainBytes.ts';
import { findSourceFiles } from '../../src/orders/files/sourceFiles.ts';
import { withTextCopy } from '../../src/orders/files/textCopy.ts';
import { customersOf, failureOf, HEADER, type OrdersReader, openOrdersReader } from '../ordersReader.ts';

let reader: OrdersReader;

beforeEach(async () => {
  reader = await openOrdersReader();
});
afterEach(() => reader.close());

/** Windows-1252 as spreadsheets write it: Latin-1, and the euro sign. */
const windows1252 = (text: string): Buffer => Buffer.from(text.replaceAll('€', '\x80'), 'latin1');
const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
const bytesOf = async (parts: AsyncIterable<Buffer>): Promise<string> => {
  let text = '';
  for await (const part of parts) text += part.toString('latin1');
  return text;
};

/** Umlauts in a column's name, in ids and amounts; an empty row, a break between quotes, and two rejects behind them. */
const SHOP = [
  'order_id;Käufer;order_date;revenue',
  'a;Jürg;2024-01-01;5,50 €',
  '',
  'b;"Zoë\r\nŠimek";2024-01-02;6 €',
  'c;Ähm;2024-13-01;7 €',
  'd;Œ;2024-01-03;8 €;ß',
].join('\r\n');
const SETTINGS = {
  columns: { customerId: 'Käufer', orderDate: 'order_date', revenue: 'revenue', orderId: 'order_id' },
  decimalMark: ',',
  maxRejectShare: 0.5,
} as const;

describe('orders in another encoding', () => {
  test.each([
    ['windows-1252', windows1252(SHOP.replace('Š', '\x8A').replace('Œ', '\x8C')), 'windows-1252'],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${SHOP}`), 'windows-1252'],
    ['UTF-16 with a mark', Buffer.from(`\uFEFF${SHOP}`, 'utf16le'), null],
    ['UTF-16 with a mark, the other way round', utf16be(`\uFEFF${SHOP}`), null],
    ['UTF-16 without a mark', Buffer.from(SHOP, 'utf16le'), 'utf-16le'],
    ['UTF-16 without a mark, the other way round', utf16be(SHOP), 'utf-16be'],
  ])('%s are those of UTF-8, with the same rows rejected, also packed', async (_, bytes, encoding) => {
    const files = { 'orders.csv': bytes, 'orders.csv.gz': gzipSync(bytes) };
    for (const [name, content] of Object.entries(files)) {
      const book = await reader.read(await reader.folder.write(name, content), { ...SETTINGS, encoding });
      expect(await customersOf(book)).toEqual({ Jürg: 5.5, 'Zoë\r\nŠimek': 6 });
      expect(reader.rejects()).toMatchObject([
        {
          file: name,
          row: 6,
          reason: 'malformed_row',
          detail: expect.stringContaining('d;Œ;2024-01-03;8 €;ß'),
        },
        { file: name, row: 5, reason: 'unreadable_date', customerId: 'Ähm', revenue: '7 €' },
      ]);
    }
  });

  test('in central Europe and Japan are read by the names of their encodings', async () => {
    const row = (id: number[]): Buffer =>
      Buffer.concat([Buffer.from(`${HEADER}a,`), Buffer.from(id), Buffer.from(',2024-01-01,5\n')]);
    const read = async (id: number[], encoding: string) =>
      Object.keys(
        await customersOf(await reader.read(await reader.folder.write('o.csv', row(id)), { encoding })),
      );
    expect(await read([0x8a, 0xb3, 0xf8], 'windows-1250')).toEqual(['Šłř']);
    expect(await read([0xa4], 'iso-8859-15')).toEqual(['€']);
    expect(await read([0x83, 0x65, 0x83, 0x58], 'shift_jis')).toEqual(['テス']);
  });

  test('as NDJSON are read in it as well', async () => {
    const lines = ['Jürg', 'Zoë'].map((id) =>
      JSON.stringify({ customer_id: id, order_date: '2024-01-01', revenue: 5 }),
    );
    const path = await reader.folder.write('o.ndjson', windows1252(`${lines.join('\r\n')}\n{]\n`));
    const book = await reader.read(path, { encoding: 'windows-1252', maxRejectShare: 0.5 });
    expect(await customersOf(book)).toEqual({ Jürg: 5, Zoë: 5 });
    expect(reader.rejects()).toMatchObject([{ row: 3, reason: 'malformed_row' }]);
  });

  test('have a reject for what is no letter in it', async () => {
    const bytes = Buffer.from(
      `${HEADER}a,1,2024-01-01,5\nb,x\x81y,2024-01-01,6\nc,2,2024-01-01,7\n`,
      'latin1',
    );
    const path = await reader.folder.write('o.csv', bytes);
    const book = await reader.read(path, { encoding: 'windows-1252', maxRejectShare: 0.5 });
    expect(await customersOf(book)).toEqual({ '1': 5, '2': 7 });
    expect(reader.rejects()).toMatchObject([
      { row: 3, reason: 'malformed_row', detail: expect.stringMatching(/^Not windows-1252 text/) },
    ]);
    const { remedy } = await failureOf(reader.read(path, { encoding: 'windows-1252', maxRejectShare: 0 }));
    expect(remedy).toContain('data.encoding names another encoding');
  });

  test('have a reject for a letter that the end of the file cuts', async () => {
    const whole = Buffer.from(`${HEADER}a,1,2024-01-01,5\nb,2,2024-01-02,6\n`, 'utf16le');
    const path = await reader.folder.write('o.csv', whole.subarray(0, -1));
    const book = await reader.read(path, { encoding: 'utf-16le', maxRejectShare: 0.5 });
    expect(await customersOf(book)).toEqual({ '1': 5 });
    expect(reader.rejects()).toMatchObject([{ row: 3, reason: 'malformed_row' }]);
  });

  test('that are read as UTF-8, and that the reader fails on, name the encoding and nothing of its insides', async () => {
    // A column that is not asked for holds such a letter, and one behind it that is.
    const rows = [1, 2].map((nr) => `${nr};2024-10-0${nr};5;M\u00FCller;66,7${nr} \u20AC;`);
    const text = ['Nr;Datum;Kunde;Name;Summe;Notiz', ...rows, ''].join('\r\n');
    const path = await reader.folder.write('o.csv', windows1252(text));
    const columns = { customerId: 'Kunde', orderDate: 'Datum', revenue: 'Summe', orderId: 'Nr' };
    const { message, remedy } = await failureOf(reader.read(path, { columns }));
    expect(message).not.toMatch(/INTERNAL|vector/);
    expect(remedy).toContain('data.encoding');
  });

  test('are not taken for UTF-8 where only a last letter says that they are not', async () => {
    const text = 'order_id,order_date,revenue,customer_id\na,2024-01-01,5,x\u00c3';
    const path = await reader.folder.write('o.csv', windows1252(text));
    expect(await customersOf(await reader.read(path, { encoding: 'windows-1252' }))).toEqual({ xÃ: 5 });
  });

  test('keep letters that lie across the parts that a file is read in', async () => {
    const text = '€a😀ü'.repeat(50);
    const encoded = {
      'utf-16le': Buffer.from(text, 'utf16le'),
      'utf-16be': utf16be(text),
      'windows-1252': windows1252(text.replaceAll('😀', '')),
    };
    for (const [encoding, bytes] of Object.entries(encoded)) {
      const [file] = await findSourceFiles(await reader.folder.write('o.csv', bytes));
      const read = Buffer.from(await bytesOf(plainBytes({ ...file, encoding }, 7)), 'latin1').toString(
        'utf8',
      );
      expect(read).toBe(encoding === 'windows-1252' ? text.replaceAll('😀', '') : text);
    }
  });

  test('leave no copy behind, whether they can be read or not', async () => {
    const { read, folder } = reader;
    const spillFolder = `${folder.home.root}/spill`;
    const good = await folder.write('good.csv', windows1252(SHOP));
    const bad = await folder.write('bad.csv', windows1252(`${HEADER}a,ä,2024-01-01,many\n`));
    await read(good, { ...SETTINGS, encoding: 'windows-1252' }, { spillFolder });
    await failureOf(read(bad, { encoding: 'windows-1252' }, { spillFolder }));
    expect(await readdir(spillFolder)).toEqual([]);
  });

  test('may be in a file whose name is as long as names can be', async () => {
    const path = await reader.folder.write(`${'n'.repeat(251)}.csv`, windows1252(SHOP));
    const book = await reader.read(path, { ...SETTINGS, encoding: 'windows-1252' });
    expect(book.report).toMatchObject({ rowsRead: 4 });
  });

  test('are tried again where there was no room for a copy', async () => {
    const [file] = await findSourceFiles(await reader.folder.write('o.csv', windows1252(SHOP)));
    const folder = await reader.folder.write('no-folder', '');
    const copying = withTextCopy(file, { folder, hasEvenLineEnds: false }, async () => undefined);
    await expect(copying).rejects.toThrow(FileWriteError);
  });
});

describe('an encoding that does not fit is an error that names the key', () => {
  const failureWith = async (bytes: Buffer, encoding: string | null) =>
    failureOf(reader.read(await reader.folder.write('o.csv', bytes), { ...SETTINGS, encoding }));

  test.each([
    ['Windows-1252 where none was named', windows1252(SHOP), null, 'is not UTF-8 text: there are letters'],
    ['UTF-16 without a mark', Buffer.from(SHOP, 'utf16le'), null, 'is not UTF-8 text, but UTF-16'],
    [
      'UTF-16 where another was named',
      Buffer.from(SHOP, 'utf16le'),
      'windows-1252',
      'is not windows-1252 text',
    ],
    ['Windows-1252 where UTF-16 was named', windows1252(SHOP), 'utf-16le', 'is not UTF-16 text'],
    [
      'UTF-8 where another was named',
      Buffer.from(SHOP),
      'windows-1252',
      'is UTF-8 text, and data.encoding says',
    ],
  ])('%s', async (_, bytes, encoding, message) => {
    const failure = await failureWith(bytes, encoding);
    expect(failure.code).toBe('ORDERS_FILE_ENCODING');
    expect(failure.message).toContain(message);
    expect(failure.remedy).toContain('data.encoding in config/model_config.yaml');
  });

  test('in a row below the first', async () => {
    const text = `${HEADER}a,1,2024-01-01,5\nb,ä,2024-01-01,6\n`;
    const path = await reader.folder.write('o.csv', windows1252(text));
    expect((await failureOf(reader.read(path))).remedy).toContain('name its encoding in data.encoding');
  });
});

describe('a CSV file whose rows end in LF and in CR LF', () => {
  const ROWS = [
    'a,1,2024-01-01,5',
    'b,"2\r\nx",2024-01-02,6',
    'c,3,nie,7',
    '',
    'd,5" x,2024-01-03,8',
    'e,6,nie,9',
  ];
  const file = (ends: readonly string[]): string =>
    [HEADER.trim(), ...ROWS].map((row, i) => row + ends[i % ends.length]).join('');

  test.each([[['\r\n', '\n']], [['\n', '\r\n']], [['\n', '\n', '\n', '\r\n']], [['\r\n', '\r\n', '\n']]])(
    'is read as others are, with the numbers of its rows: %j',
    async (ends) => {
      const book = await reader.readText(file(ends), { maxRejectShare: 0.5 });
      expect(await customersOf(book)).toEqual({ '1': 5, '2\nx': 6, '5" x': 8 });
      expect(reader.rejects().map(({ row, reason }) => [row, reason])).toEqual([
        [4, 'unreadable_date'],
        [7, 'unreadable_date'],
      ]);
    },
  );

  test('is read where they change after many rows, and where it is packed', async () => {
    const path = await reader.folder.write('o.csv', `${HEADER}${'x,1,2024-01-01,1\n'.repeat(100_000)}`);
    await appendFile(path, 'a,2,2024-01-02,5\r\n');
    const columns = { customerId: 'customer_id', orderDate: 'order_date', revenue: 'revenue', orderId: null };
    expect(await customersOf(await reader.read(path, { columns }))).toEqual({ '1': 100_000, '2': 5 });
    await mkdir(`${reader.folder.home.root}/packed`);
    const packed = `${reader.folder.home.root}/packed/o.csv.gz`;
    await writeFile(packed, gzipSync(file(['\n', '\r\n'])));
    expect(await customersOf(await reader.read(packed, { maxRejectShare: 0.5 }))).toMatchObject({ '1': 5 });
  });

  test('is refused where others end in CR alone, which may be a letter', async () => {
    const { code, message } = await failureOf(reader.readText(file(['\n', '\r\n', '\r'])));
    expect(code).toBe('ORDERS_LINE_ENDS');
    expect(message).toMatch(/Row 3 of .* ends in CR, and row 1 in LF or CR LF/);
  });
});
