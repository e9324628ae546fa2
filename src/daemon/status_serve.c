/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include "base/clock.h"
#include "daemon/status.h"

#define CLIENTS_MAX 8
#define CLIENT_WAIT_MS 2000

struct server;

struct client {
	uv_pipe_t pipe;
	uv_timer_t deadline;
	uv_write_t write;
	struct server *server;
	int open_handles;
	size_t len_bytes;
	char text[STATUS_REQUEST_MAX_BYTES];
	char *answer;
};

struct server {
	uv_pipe_t listener;
	struct parts *parts;
	void (*reseed)(struct parts *p);
	unsigned client_count;
};

static void on_closed(uv_handle_t *handle)
{
	struct client *c = handle->data;

	if (--c->open_handles > 0)
		return;
	c->server->client_count--;
	free(c->answer);
	free(c);
}

static void hang_up(struct client *c)
{
	if (!uv_is_closing((uv_handle_t *)&c->pipe))
		uv_close((uv_handle_t *)&c->pipe, on_closed);
	if (!uv_is_closing((uv_handle_t *)&c->deadline))
		uv_close((uv_handle_t *)&c->deadline, on_closed);
}

static void on_deadline(uv_timer_t *timer)
{
	hang_up(timer->data);
}

static void on_written(uv_write_t *write, int status)
{
	(void)status;
	hang_up(write->data);
}

static bool may_reseed(const struct client *c)
{
	struct ucred peer;
	socklen_t len = sizeof peer;
	uv_os_fd_t fd;

	if (uv_fileno((const uv_handle_t *)&c->pipe, &fd) < 0 ||
	    getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) < 0)
		return false;
	return peer.uid == 0 || peer.uid == getuid();
}

static char *answer_to(struct client *c)
{
	switch (status_parse(c->text, c->len_bytes)) {
	case STATUS_SHOW:
		return status_json(c->server->parts, clock_boottime_ns());
	case STATUS_RESEED:
		if (!may_reseed(c))
			return strdup("{\"error\":\"reseed is for root and "
				      "the daemon's own user\"}\n");
		c->server->reseed(c->server->parts);
		return strdup("{\"ok\":\"collecting a new seed\"}\n");
	default:
		return strdup("{\"error\":\"the requests are 'status' and "
			      "'reseed', one line\"}\n");
	}
}

static void answer(struct client *c)
{
	uv_buf_t buf;

	(void)uv_read_stop((uv_stream_t *)&c->pipe);
	c->answer = answer_to(c);
	if (!c->answer) {
		hang_up(c);
		return;
	}
	buf = uv_buf_init(c->answer, (unsigned)strlen(c->answer));
	c->write.data = c;
	if (uv_write(&c->write, (uv_stream_t *)&c->pipe, &buf, 1, on_written) < 0)
		hang_up(c);
}

static void on_alloc(uv_handle_t *handle, size_t hint, uv_buf_t *ret)
{
	struct client *c = handle->data;

	(void)hint;
	*ret = uv_buf_init(c->text + c->len_bytes,
			   (unsigned)(sizeof c->text - c->len_bytes));
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct client *c = stream->data;

	(void)buf;
	if (n < 0 && n != UV_EOF) {
		hang_up(c);
		return;
	}
	if (n > 0)
		c->len_bytes += (size_t)n;
	/* A line, the end, or more than a request can be: answer it. */
	if (n == UV_EOF || memchr(c->text, '\n', c->len_bytes) ||
	    c->len_bytes == sizeof c->text)
		answer(c);
}

static void on_connection(uv_stream_t *listener, int status)
{
	struct server *s = listener->data;
	struct client *c;

	if (status < 0)
		return;
	c = calloc(1, sizeof *c);
	if (!c)
		return;
	c->server = s;
	s->client_count++;
	(void)uv_pipe_init(listener->loop, &c->pipe, 0);
	(void)uv_timer_init(listener->loop, &c->deadline);
	c->pipe.data = c->deadline.data = c;
	c->open_handles = 2;
	if (uv_accept(listener, (uv_stream_t *)&c->pipe) < 0 ||
	    s->client_count > CLIENTS_MAX ||
	    uv_timer_start(&c->deadline, on_deadline, CLIENT_WAIT_MS, 0) < 0 ||
	    uv_read_start((uv_stream_t *)&c->pipe, on_alloc, on_read) < 0)
		hang_up(c);
}

int status_serve_start(struct uv_loop_s *loop, int listen_fd, struct parts *p,
		       void (*reseed)(struct parts *p))
{
	static struct server server; /* as long as the loop */
	int r;

	server.parts = p;
	server.reseed = reseed;
	r = uv_pipe_init(loop, &server.listener, 0);
	if (r == 0)
		r = uv_pipe_open(&server.listener, listen_fd);
	server.listener.data = &server;
	if (r == 0)
		r = uv_listen((uv_stream_t *)&server.listener, CLIENTS_MAX,
			      on_connection);
	return r;
}
