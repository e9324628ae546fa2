/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_DAEMON_NOTIFY_H
#define AQUIFER_DAEMON_NOTIFY_H

/*
 * sd_notify(3) without the library: one datagram a message to $NOTIFY_SOCKET.
 * Without a service manager all of it does nothing.
 */
#include <stdint.h>

/*
 * notify_open - a socket connected to the service manager, so that messages
 * need neither the environment nor the path once rights are dropped.
 * Returns a descriptor (close-on-exec, non-blocking), owned by the caller, or
 * -1 where there is no manager to tell.
 */
int notify_open(void);

/*
 * notify_send - state as sd_notify(3) has it: "READY=1\nSTATUS=...". Best
 * effort: never blocks, no signal, no error; fd below 0 is ignored. The unit
 * needs NotifyAccess=all where another process than its main one calls this.
 */
void notify_send(int fd, const char *state);

/*
 * notify_watchdog_ns - within what time the manager wants "WATCHDOG=1"; 0:
 * not at all. To be asked before fork: $WATCHDOG_PID names one process.
 */
uint64_t notify_watchdog_ns(void);

#endif
