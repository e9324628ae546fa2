/* SPDX-License-Identifier: ISC */
/* What leaves a machine in a record: secrets and ids in texts are replaced. */
#include <ctype.h>
#include <sodium/crypto_generichash.h>
#include <stdint.h>
#include <string.h>

#include "base/bytes.h"
#include "probe/keep.h"

/* In this order, so that "password" is not taken for "pass" and a rest. */
static const char *const words[] = {
	"password",    "passphrase",  "passwd",     "secret",
	"token",       "api_key",     "api-key",    "apikey",
	"psk",         "private_key", "credential", "access_key",
	"random.seed", "rng-seed",    ",data", /* QEMU: -object secret,id=a,data=... */
};

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* What ends a value: of a command line also the NUL between arguments. */
static bool ends_value(char c, char quote)
{
	if (c == '\0' || c == '\n')
		return true;
	if (quote != '\0')
		return c == quote;
	return c == ' ' || c == '\t' || c == ',' || c == '&' || c == ';' ||
	       c == '"' || c == '\'' || c == '<';
}

/*
 * The value behind "password": "=x", ": x", "='x y'", " x" or, of a command
 * line, a NUL and the next argument when the word began with a dash. Returns
 * where it begins; len where there is none.
 */
static size_t value_of(const char *text, size_t len, size_t at, bool option)
{
	while (at < len && (is_word(text[at]) || text[at] == '-'))
		at++;
	if (at < len && (text[at] == '"' || text[at] == '\''))
		at++;
	if (at < len && (text[at] == '=' || text[at] == ':'))
		for (at++; at < len && (text[at] == ' ' || text[at] == '\t');)
			at++;
	else if (at < len && option && (text[at] == '\0' || text[at] == ' '))
		at++;
	else
		return len;
	return at;
}

static bool redact_value(char *text, size_t len, size_t at)
{
	char quote = '\0';
	bool changed = false;

	if (at < len && (text[at] == '"' || text[at] == '\''))
		quote = text[at++];
	for (; at < len && !ends_value(text[at], quote); at++) {
		changed |= text[at] != 'x';
		text[at] = 'x';
	}
	return changed;
}

static bool redact_words(char *text, size_t len)
{
	bool changed = false;

	for (size_t i = 0; i < len; i++)
		for (size_t w = 0; w < ARRAY_LEN(words); w++) {
			size_t n = strlen(words[w]), begin = i, value;

			if (len - i < n ||
			    strncasecmp(text + i, words[w], n) != 0)
				continue;
			while (begin > 0 && (is_word(text[begin - 1]) ||
					     text[begin - 1] == '-'))
				begin--;
			value = value_of(text, len, i + n, text[begin] == '-');
			if (value < len)
				changed |= redact_value(text, len, value);
			i += n - 1;
			break;
		}
	return changed;
}

/* scheme://user:password@host */
static bool redact_urls(char *text, size_t len)
{
	bool changed = false;

	for (size_t i = 0; i + 3 < len; i++) {
		size_t colon = 0, at;

		if (memcmp(text + i, "://", 3) != 0)
			continue;
		for (at = i + 3; at < len && !ends_value(text[at], '\0') &&
				 text[at] != '/' && text[at] != '@';
		     at++)
			if (text[at] == ':' && colon == 0)
				colon = at;
		if (at == len || text[at] != '@' || colon == 0)
			continue;
		memset(text + colon + 1, 'x', at - colon - 1);
		changed = true;
	}
	return changed;
}

static void pseudonym(const uint8_t *id, size_t id_bytes,
		      const unsigned char key[KEEP_KEY_BYTES], uint8_t *ret_id,
		      size_t cap_bytes)
{
	uint8_t hash[32];

	(void)crypto_generichash(hash, sizeof hash, id, id_bytes, key,
				 KEEP_KEY_BYTES);
	memcpy(ret_id, hash, min_size(cap_bytes, sizeof hash));
}

static unsigned digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	return (unsigned)(tolower((unsigned char)c) - 'a') + 10;
}

/* The digits between at and end are replaced; case and separators stay. */
static void put_digits(char *text, size_t at, size_t end, const uint8_t *id)
{
	static const char lower[] = "0123456789abcdef";
	static const char upper[] = "0123456789ABCDEF";
	bool is_upper = false;
	size_t n = 0;

	for (size_t i = at; i < end; i++)
		is_upper |= text[i] >= 'A' && text[i] <= 'F';
	for (size_t i = at; i < end; i++) {
		unsigned v = id[n / 2] >> (n % 2 == 0 ? 4 : 0) & 15;

		if (!isxdigit((unsigned char)text[i]))
			continue;
		text[i] = is_upper ? upper[v] : lower[v];
		n++;
	}
}

/* "0000..." and the like are nobody's id; a check must see them. */
static bool is_one_digit(const char *text, size_t at, size_t end)
{
	for (size_t i = at; i < end; i++)
		if (isxdigit((unsigned char)text[i]) && text[i] != text[at])
			return false;
	return true;
}

/* Hexadecimal groups of a shape; the next character does not continue it. */
static size_t match(const char *text, size_t len, size_t at, const char *shape)
{
	size_t i = at;

	for (; *shape != '\0'; shape++, i++)
		if (i == len ||
		    (*shape == 'h' ? !isxdigit((unsigned char)text[i]) :
				     text[i] != *shape))
			return 0;
	if (i < len && (is_word(text[i]) ||
			((text[i] == '-' || text[i] == ':') && i + 1 < len &&
			 isxdigit((unsigned char)text[i + 1]))))
		return 0;
	return i;
}

static bool redact_id(char *text, size_t at, size_t end,
		      const unsigned char key[KEEP_KEY_BYTES])
{
	uint8_t id[16] = { 0 }, other[16];
	size_t n = 0;

	if (is_one_digit(text, at, end))
		return false;
	for (size_t i = at; i < end; i++) {
		if (!isxdigit((unsigned char)text[i]))
			continue;
		id[n / 2] |= (uint8_t)(digit_value(text[i])
				       << (n % 2 == 0 ? 4 : 0));
		n++;
	}
	pseudonym(id, sizeof id, key, other, sizeof other);
	put_digits(text, at, end, other);
	return true;
}

/* The maker's half stays: 52:54:00 says QEMU. */
static bool redact_mac(char *text, size_t at, size_t end,
		       const unsigned char key[KEEP_KEY_BYTES])
{
	uint8_t id[6] = { 0 }, other[3];

	if (is_one_digit(text, at, end))
		return false;
	for (size_t i = 0; i < 6; i++)
		id[i] = (uint8_t)(digit_value(text[at + 3 * i]) << 4 |
				  digit_value(text[at + 3 * i + 1]));
	pseudonym(id, sizeof id, key, other, sizeof other);
	put_digits(text, at + 9, end, other);
	return true;
}

bool keep_redact(char *text, size_t len_bytes,
		 const unsigned char key[KEEP_KEY_BYTES])
{
	bool changed = redact_words(text, len_bytes);

	changed |= redact_urls(text, len_bytes);
	for (size_t i = 0; i < len_bytes; i++) {
		size_t end;

		if (!isxdigit((unsigned char)text[i]))
			continue;
		if ((end = match(text, len_bytes, i,
				 "hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh")) != 0 ||
		    (end = match(text, len_bytes, i,
				 "hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh")) != 0)
			changed |= redact_id(text, i, end, key);
		else if ((end = match(text, len_bytes, i,
				      "hh:hh:hh:hh:hh:hh")) != 0)
			changed |= redact_mac(text, i, end, key);
		/* On to the end of this run of digits and separators. */
		if (end != 0)
			i = end - 1;
		else
			while (i + 1 < len_bytes &&
			       (is_word(text[i + 1]) || text[i + 1] == ':'))
				i++;
	}
	return changed;
}

bool keep_redact_serial(char *text, size_t len_bytes,
			const unsigned char key[KEEP_KEY_BYTES])
{
	uint8_t hash[32];
	bool changed = false;

	pseudonym((const uint8_t *)text, len_bytes, key, hash, sizeof hash);
	for (size_t i = 0; i < len_bytes; i++) {
		char c = text[i], first, range = 26;

		if (c >= '0' && c <= '9') {
			first = '0';
			range = 10;
		} else if (c >= 'a' && c <= 'z') {
			first = 'a';
		} else if (c >= 'A' && c <= 'Z') {
			first = 'A';
		} else {
			continue;
		}
		text[i] = (char)(first + hash[i % sizeof hash] % range);
		changed = true;
	}
	return changed;
}
