"""Tests that drive Debian's Chromium against a running demo."""
