/** The types of the hub's API from its own OpenAPI document. */
import openapiTs, { astToString } from 'openapi-typescript';

const HEADER =
  '/** Generated from the hub\'s OpenAPI document: "npm run generate:hub-client". Not edited by hand. */\n';

/** @param document what a hub answers at `/api/openapi.json` */
export async function typesOf(document: object): Promise<string> {
  // The library checks the document itself; as a text it cannot be mistaken for an address.
  const nodes = await openapiTs(JSON.stringify(document), { alphabetize: true, exportType: true });
  return HEADER + astToString(nodes);
}
