"""The state graph: basic blocks of pure assignments, each ended by an operation or a decision."""
