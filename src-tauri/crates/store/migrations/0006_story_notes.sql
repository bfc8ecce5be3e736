-- What the desk adds to a line of a story, as a code with its facts. Lines of before keep their text alone.
ALTER TABLE transfer_events ADD COLUMN note TEXT CHECK (note IS NULL OR json_valid(note));
