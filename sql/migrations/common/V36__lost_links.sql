-- Links that base rows name and the table of links lacks, because the database has lost its last changes since they were made (R5). A writer adds a link
-- before it writes the first rows of it. Questions about all clicks of an owner read the rows of these links as well.
CREATE TABLE lost_link (
  owner bigint NOT NULL,
  id bigint NOT NULL,
  PRIMARY KEY (owner, id)
);
GRANT SELECT ON lost_link TO clicktide_query;
