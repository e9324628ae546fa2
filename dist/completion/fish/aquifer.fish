# SPDX-License-Identifier: ISC
# Completion of aquifer(1) for fish.
set -l commands sources record bytes feed status help
set -l none "not __fish_seen_subcommand_from $commands"

complete -c aquifer -f
complete -c aquifer -n $none -a sources -d "this machine's noise sources"
complete -c aquifer -n $none -a record -d 'raw noise of one source'
complete -c aquifer -n $none -a bytes -d 'random bytes, fast'
complete -c aquifer -n $none -a feed -d 'mix bytes into the kernel'
complete -c aquifer -n $none -a status -d 'what aquiferd has done'
complete -c aquifer -n $none -a help -d 'list the commands, or show one'
complete -c aquifer -n $none -l version -d 'version and what was built in'
complete -c aquifer -s h -l help -d 'show the usage'

set -l sources '__fish_seen_subcommand_from sources'
complete -c aquifer -n $sources -l json -d 'print JSON'
complete -c aquifer -n $sources -l measure -x -d 'seconds a source'

set -l record '__fish_seen_subcommand_from record'
complete -c aquifer -n $record \
	-a 'hwrng rdrand rdseed jitter havege sched pagefault file kernel'
complete -c aquifer -n $record -s n -x -d 'how many symbols'
complete -c aquifer -n $record -s o -r -F -d 'the recording'
complete -c aquifer -n $record -l path -r -F -d 'what is behind file'
complete -c aquifer -n $record -l restarts -d '1000 starts'
complete -c aquifer -n $record -l wide -d 'whole records'

set -l bytes '__fish_seen_subcommand_from bytes'
complete -c aquifer -n $bytes -l hex -d 'hexadecimal digits'
complete -c aquifer -n $bytes -l base64 -d 'base 64'

set -l feed '__fish_seen_subcommand_from feed'
complete -c aquifer -n $feed -l hex -x -d 'the bytes'
complete -c aquifer -n $feed -l file -r -F -d 'read them from a file'
complete -c aquifer -n $feed -l fd -x -d 'read them from a descriptor'
complete -c aquifer -n $feed -l credit -x -d 'bits of entropy they hold'

set -l status_ '__fish_seen_subcommand_from status'
complete -c aquifer -n $status_ -l json -d 'print JSON'
complete -c aquifer -n $status_ -l reseed -d 'ask for a new seed now'
complete -c aquifer -n $status_ -l socket -r -F -d 'the status socket'

complete -c aquifer -n '__fish_seen_subcommand_from help' \
	-a 'sources record bytes feed status'
