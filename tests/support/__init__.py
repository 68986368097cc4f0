"""What the functional and chaos tests share: the real binary on a free port, in a temporary home."""
