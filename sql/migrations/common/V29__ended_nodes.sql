-- The part of a partition's state that belongs to one node that ended. It is written once, in the transaction that removes the node
-- from the fence. A row is out of date if the fence has the node again.
CREATE TABLE ended_node (
  sink text NOT NULL,
  topic_id text NOT NULL,
  partition int NOT NULL,
  node bigint NOT NULL,
  state text NOT NULL, -- Protobuf in Base64, see partition_state.proto
  PRIMARY KEY (sink, topic_id, partition, node),
  FOREIGN KEY (sink, topic_id, partition) REFERENCES fence ON DELETE CASCADE
);
