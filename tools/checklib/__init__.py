# SPDX-License-Identifier: ISC
"""The parts of tools/check."""
