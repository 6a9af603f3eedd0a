// What startup.js subtracts: Node alone.
export {};
