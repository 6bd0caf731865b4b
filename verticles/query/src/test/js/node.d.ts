// The modules of Node that the tests import. They are not type-checked, so that nothing has to be installed.
declare module 'node:assert/strict';
declare module 'node:fs';
declare module 'node:test';
