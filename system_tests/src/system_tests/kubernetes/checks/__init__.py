"""What must hold in the cluster, a module for each. Each answers with lines of the table."""
