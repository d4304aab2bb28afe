import { jest } from "@jest/globals";

// A real server, on a machine that may be busy.
jest.setTimeout(60_000);
