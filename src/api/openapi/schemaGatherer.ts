import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';

/** A JSON Schema, draft 2020-12, as OpenAPI 3.1 takes it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

const PLACE = '#/components/schemas/';

/** Turns zod schemas into JSON schemas; of those that have an id it keeps one, and refers to it wherever it stands. */
export class SchemaGatherer {
  readonly #named: Record<string, JsonSchema> = {};
  /** Turning takes milliseconds, and the schema of errors is asked for with every status. */
  readonly #turned = { input: new Map<z.ZodType, JsonSchema>(), output: new Map<z.ZodType, JsonSchema>() };

  /** All schemas with an id so far, for `components.schemas`. */
  get named(): Readonly<Record<string, JsonSchema>> {
    return this.#named;
  }

  /**
   * @param side `input` for what is read, where defaults may be left out; `output` for what is sent.
   * @throws Error where two schemas that differ have one id.
   */
  add(schema: z.ZodType, side: 'input' | 'output'): JsonSchema {
    const turned = this.#turned[side].get(schema) ?? this.#turn(schema, side);
    this.#turned[side].set(schema, turned);
    return turned;
  }

  #turn(schema: z.ZodType, side: 'input' | 'output'): JsonSchema {
    const json = z.toJSONSchema(schema, {
      io: side,
      override: ({ jsonSchema }) => {
        // That a number fits into a double says nothing of the matter.
        if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
        if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      },
    });
    const { $schema: _, $defs = {}, ...rest } = withPlaces(json);
    for (const [id, named] of Object.entries($defs as Record<string, JsonSchema>)) this.#keep(id, named);
    return rest;
  }

  #keep(id: string, schema: JsonSchema): void {
    const known = this.#named[id];
    if (known !== undefined && !isDeepStrictEqual(known, schema))
      throw new Error(`Two schemas that differ have the id ${id}.`);
    this.#named[id] = schema;
  }
}

/** The same with references to the document's place for schemas in place of the one within the schema. */
function withPlaces(json: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(json), (key, value) =>
    key === '$ref' && typeof value === 'string' ? value.replace('#/$defs/', PLACE) : value,
  );
}
