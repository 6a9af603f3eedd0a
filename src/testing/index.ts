export { type OpenStore, type StoreClause, storeContract } from './store-contract.ts';
