import {
  newestRankedFile,
  rankedCustomerSchema,
  readRankedCustomer,
} from '../../artefacts/run/rankedCustomer.ts';
import { CustomerUnknownError } from '../errors/errors.ts';
import { route } from '../route.ts';

/** What the newest complete run says of one customer. */
export const showCustomer = route({
  operationId: 'showCustomer',
  method: 'get',
  path: '/api/customers/:id',
  summary: 'Shows what the newest complete run says of one customer.',
  params: { id: 'Id of the customer, as it stands in the orders.' },
  answers: {
    200: { description: 'The customer.', body: rankedCustomerSchema.meta({ id: 'RankedCustomer' }) },
  },
  refusals: ['CUSTOMER_UNKNOWN', 'RANKED_FILE_UNREADABLE'],
  async handler({ params: { id } }, { home }) {
    const file = await newestRankedFile(home);
    const found = file === null ? null : await readRankedCustomer(home.outputs, file, id);
    if (found === null) throw new CustomerUnknownError(id, file);
    return { status: 200, body: found };
  },
});
