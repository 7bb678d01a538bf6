"""The same networks in PyTorch."""
