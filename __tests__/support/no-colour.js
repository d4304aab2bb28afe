// Jest asks its workers, and so the commands that tests run, for colour when it has a terminal. Tests compare plain text.
delete process.env.FORCE_COLOR;
process.env.NO_COLOR = "1";
