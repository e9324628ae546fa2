# SPDX-License-Identifier: ISC
# Completion of aquifer(1) for fish.
set -l commands doctor sources record bytes feed status assess help
set -l none "not __fish_seen_subcommand_from $commands"

complete -c aquifer -f
complete -c aquifer -n $none -a doctor -d 'is it safe, what to change'
complete -c aquifer -n $none -a sources -d "this machine's noise sources"
complete -c aquifer -n $none -a record -d 'raw noise of one source'
complete -c aquifer -n $none -a bytes -d 'random bytes, fast'
complete -c aquifer -n $none -a feed -d 'mix bytes into the kernel'
complete -c aquifer -n $none -a status -d 'what aquiferd has done'
complete -c aquifer -n $none -a assess -d 'what can be proved about samples'
complete -c aquifer -n $none -a help -d 'list the commands, or show one'
complete -c aquifer -n $none -l version -d 'version and what was built in'
complete -c aquifer -s h -l help -d 'show the usage'

set -l doctor '__fish_seen_subcommand_from doctor'
set -l checks "(aquifer doctor --explain 2>/dev/null |
	string match -rg '^  ([a-z][a-z0-9-]*) ')"
complete -c aquifer -n $doctor -l root -x -a '(__fish_complete_directories)' \
	-d 'judge what lies there'
complete -c aquifer -n $doctor -l image -r -F -d 'judge an image as a tar'
complete -c aquifer -n $doctor -l host -d "judge this machine's guests"
complete -c aquifer -n $doctor -l domain -r -F -d 'judge one libvirt domain'
complete -c aquifer -n $doctor -l only -x -a $checks -d 'these checks alone'
complete -c aquifer -n $doctor -l known-keys -r -F -d "others' host keys"
complete -c aquifer -n $doctor -l json -d 'print JSON'
complete -c aquifer -n $doctor -l prometheus -d 'print metrics'
complete -c aquifer -n $doctor -l nagios -d 'print one line'
complete -c aquifer -n $doctor -s o -l output -r -F -d 'write to a file'
complete -c aquifer -n $doctor -s v -l verbose -d 'all evidence'
complete -c aquifer -n $doctor -s q -l quiet -d 'the verdict alone'
complete -c aquifer -n $doctor -l explain -x -a $checks \
	-d 'what a check means'
complete -c aquifer -n $doctor -l profile -x -a scs-0101 \
	-d 'judge by a standard'
complete -c aquifer -n $doctor -l record -x \
	-a '(__fish_complete_directories)' -d 'write what was read'
complete -c aquifer -n $doctor -l fix -d 'list what to change in an image'
complete -c aquifer -n $doctor -l yes -d 'make those changes'
complete -c aquifer -n $doctor -l log -r -F -d 'keep what was changed'

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

set -l assess '__fish_seen_subcommand_from assess'
set -l suites sp800-90b iid restart sp800-22 fips140 ais31 quick all
complete -c aquifer -n $assess -F
complete -c aquifer -n $assess -l suite -x -a "$suites" -d 'which tests'
complete -c aquifer -n $assess -l claim -x -d 'claimed min-entropy a symbol'
complete -c aquifer -n $assess -l raw -d 'these are raw noise'
complete -c aquifer -n $assess -l alpha -x -d 'level of the one test'
complete -c aquifer -n $assess -l allow-short -d 'too few samples will do'
complete -c aquifer -n $assess -l format -x \
	-a 'auto bytes bits-msb bits-lsb text le16 le32 le64' \
	-d 'what the file holds'
complete -c aquifer -n $assess -l bits -x -d 'bits of a symbol'
complete -c aquifer -n $assess -l mask -x -d 'bits of a record to take'
complete -c aquifer -n $assess -l shift -x -d 'shift records right before'
complete -c aquifer -n $assess -l rank-bits -d "rank the records' bits"
complete -c aquifer -n $assess -l streams -x -d 'how many streams'
complete -c aquifer -n $assess -l stream-bits -x -d 'bits of a stream'
complete -c aquifer -n $assess -l seed -x -d 'seed of the permutations'
complete -c aquifer -n $assess -l full -d 'every test to its end'
complete -c aquifer -n $assess -l rows -x -d 'restarts'
complete -c aquifer -n $assess -l cols -x -d 'samples after a restart'
complete -c aquifer -n $assess -l fips-as -x -a 'rngtest5 standard' \
	-d 'whose counting'
complete -c aquifer -n $assess -l json -d 'print JSON'
complete -c aquifer -n $assess -l report -r -F -d 'write a page'
complete -c aquifer -n $assess -l plot -r -F -d 'write a picture'
complete -c aquifer -n $assess -l threads -x -d 'how many threads'
complete -c aquifer -n $assess -l specimen -x \
	-a "(aquifer assess --specimen list 2>/dev/null |
	string match -rg '^([a-z0-9-]+) ')" -d 'a known generator'

complete -c aquifer -n '__fish_seen_subcommand_from help' \
	-a 'doctor sources record bytes feed status assess'
