"""How many networks a process keeps traced."""

# Each costs its weights four times and 5-30 MB of graph. A search over the widths of a network, which draws
# each again and again, finds most of them among so many.
KEPT = 16
