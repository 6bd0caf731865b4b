-- A key is rotated once: who lost the answer asks for another key of the new one's.
ALTER TABLE api_key ADD COLUMN rotated_at timestamptz;
