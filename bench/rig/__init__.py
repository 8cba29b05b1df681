"""What every benchmark needs: servers to measure, clients that load them, processor time, and a file of results."""
