"""Holes filled."""
