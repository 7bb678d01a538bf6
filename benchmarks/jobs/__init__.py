"""Whole jobs as PyTorch scripts."""
