"""Where it was done: place of service, surgical centers, authorization."""
