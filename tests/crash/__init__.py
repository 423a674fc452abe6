"""Kills whole servers at random moments under load, and looks whether anything acknowledged was lost or doubled.

`python -m tests.crash --rounds 20`, from the root of the repository.
"""
