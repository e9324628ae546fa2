#!/bin/sh
# SPDX-License-Identifier: ISC
# dracut sources its hooks: what follows must not end or change its shell.
/sbin/aquifer-early-seed
:
